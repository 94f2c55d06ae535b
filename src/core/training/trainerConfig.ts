import { stringify } from 'yaml';
import type { Hardware, TrainingSpec } from '../records/training';
import { DATASET } from './dataset';
import type { Schedule } from './schedule';

export interface TrainerConfigInput {
  readonly spec: TrainingSpec;
  readonly stage: 'sft' | 'dpo';
  /** As the trainer is to find it. */
  readonly model: string;
  /** The adapter that is trained on, where it lies on the machine that trains. */
  readonly adapter?: string | undefined;
  readonly schedule: Schedule;
  readonly cutoffLength: number;
  readonly hardware: Hardware;
  /** A DeepSpeed file, relative to the job folder. */
  readonly deepspeed?: string | undefined;
}

/** LLaMA-Factory 0.9.5's `train.yaml`. `trainer/train.py` adds the folders, wherever the job lies by then. */
export function trainerYaml(input: TrainerConfigInput): string {
  return stringify({ ...modelKeys(input), ...dataKeys(input), ...trainingKeys(input), ...evaluationKeys(input) });
}

/** What our own callback and launcher are told: the trainer refuses keys that it does not know. */
export function trainerSettings({ spec, stage }: TrainerConfigInput): string {
  const { nodes, gpus } = spec;
  const settings = {
    stopping: {
      patience: spec.patience,
      min_delta: spec.min_delta,
      convergence_spread: spec.convergence_spread,
    },
    // The exponential of a preference loss is no perplexity.
    perplexity: stage === 'sft',
    ...(isDistributed(spec) ? { distributed: { nnodes: nodes, nproc_per_node: gpus } } : {}),
    config: spec,
  };
  return `${JSON.stringify(settings, null, 2)}\n`;
}

export function isDistributed({ gpus, nodes, deepspeed }: TrainingSpec): boolean {
  return gpus > 1 || nodes > 1 || deepspeed !== undefined;
}

function modelKeys({ spec, model, adapter }: TrainerConfigInput): object {
  return {
    model_name_or_path: model,
    ...(adapter === undefined ? {} : { adapter_name_or_path: adapter }),
    ...(spec.method === 'qlora' ? { quantization_bit: 4, quantization_method: 'bnb' } : {}),
  };
}

function dataKeys({ spec, cutoffLength }: TrainerConfigInput): object {
  return {
    dataset: DATASET,
    eval_dataset: `${DATASET}_validation`,
    // Without one the tokenizer's own is used, which is the model's.
    ...(spec.template === undefined ? {} : { template: spec.template }),
    cutoff_len: cutoffLength,
    overwrite_cache: true,
  };
}

function trainingKeys({ spec, stage, hardware, schedule, deepspeed }: TrainerConfigInput): object {
  const lora = {
    finetuning_type: 'lora',
    lora_rank: spec.lora_r,
    lora_alpha: spec.lora_alpha,
    lora_dropout: spec.lora_dropout,
    lora_target: 'all',
  };
  return {
    stage,
    do_train: true,
    ...(spec.method === 'full' ? { finetuning_type: 'full' } : lora),
    ...(stage === 'dpo' ? { pref_beta: 0.1, pref_loss: 'sigmoid' } : {}),
    per_device_train_batch_size: spec.batch_size,
    gradient_accumulation_steps: spec.accumulation,
    learning_rate: spec.learning_rate ?? defaultLearningRate(spec, stage),
    num_train_epochs: spec.epochs,
    lr_scheduler_type: 'cosine',
    warmup_steps: 0.05,
    seed: spec.seed,
    logging_steps: schedule.loggingSteps,
    report_to: 'tensorboard',
    ...precision(hardware),
    ...(deepspeed === undefined ? {} : { deepspeed }),
    ddp_timeout: 180_000_000,
  };
}

function evaluationKeys({ spec, schedule }: TrainerConfigInput): object {
  return {
    eval_strategy: 'steps',
    eval_steps: schedule.evalSteps,
    per_device_eval_batch_size: spec.batch_size,
    save_strategy: 'steps',
    save_steps: schedule.evalSteps,
    // The best and the last.
    save_total_limit: 2,
    load_best_model_at_end: true,
    metric_for_best_model: 'eval_loss',
    greater_is_better: false,
    // True would delete the log of what was trained before a resume.
    overwrite_output_dir: false,
    restore_callback_states_from_checkpoint: true,
  };
}

function defaultLearningRate({ method }: TrainingSpec, stage: 'sft' | 'dpo'): number {
  return (method === 'full' ? 1e-5 : 1e-4) / (stage === 'dpo' ? 5 : 1);
}

function precision({ kind, gpus }: Hardware): object {
  if (kind === 'cpu') return { use_cpu: true };
  if (kind === 'apple') return {};
  return gpus.every((gpu) => gpu.bf16) ? { bf16: true } : { fp16: true };
}
