import { type Attributes, type Context, SpanKind, SpanStatusCode, type Tracer } from '@opentelemetry/api';
import { version } from '../../../package.json';
import type { Message } from '../teachers/teacher';
import type { Errand, Outcome } from './errand';
import { toUsd } from './money';
import type { Tracing } from './tracing';

/**
 * Spans by OpenTelemetry's conventions for generative AI (https://opentelemetry.io/docs/specs/semconv/gen-ai/): one a
 * request, under one for the whole run. Sent to the collector that the standard variables name.
 */
export interface OpenTelemetry extends Tracing {
  /**
   * Ends the run's span and sends what is left. A collector that is away holds up a run's end for seconds at most, and
   * ruins nothing: then this is the sentence that says so.
   */
  close(): Promise<string | undefined>;
}

type Env = Readonly<Record<string, string | undefined>>;

/** Tracing as the environment asks for it; undefined, and nothing of it loaded, where it does not. */
export async function openTelemetry(env: Env, run: string): Promise<OpenTelemetry | undefined> {
  const base = env['OTEL_EXPORTER_OTLP_ENDPOINT']?.trim();
  const url = env['OTEL_EXPORTER_OTLP_TRACES_ENDPOINT']?.trim() || (base && `${base.replace(/\/+$/, '')}/v1/traces`);
  if (!url || env['OTEL_SDK_DISABLED'] === 'true') return undefined;
  const { ROOT_CONTEXT, trace } = await import('@opentelemetry/api');
  const { BasicTracerProvider, BatchSpanProcessor } = await import('@opentelemetry/sdk-trace-base');
  const { OTLPTraceExporter } = await import('@opentelemetry/exporter-trace-otlp-http');
  const { resourceFromAttributes } = await import('@opentelemetry/resources');
  const provider = new BasicTracerProvider({
    resource: resourceFromAttributes({
      'service.name': env['OTEL_SERVICE_NAME'] ?? 'distillery',
      'service.version': version,
    }),
    spanProcessors: [new BatchSpanProcessor(new OTLPTraceExporter({ url, timeoutMillis: 3000 }))],
  });
  const tracer = provider.getTracer('distillery', version);
  const whole = tracer.startSpan('distillery.run', { attributes: { 'distillery.run': run } });
  const within = trace.setSpan(ROOT_CONTEXT, whole);
  // Prompts hold people's documents: they leave the machine only when somebody asks for it, by the standard's own switch.
  const withText = env['OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT'] === 'true';
  return {
    attempt: (errand, batched) => spanOf(tracer, within, errand, batched, withText),
    close: async () => {
      whole.end();
      try {
        await provider.shutdown();
        return undefined;
      } catch (error) {
        return `The traces did not reach ${url} (${error instanceof Error ? error.message : String(error)}).`;
      }
    },
  };
}

function spanOf(tracer: Tracer, within: Context, errand: Errand, batched: boolean, withText: boolean) {
  const { stage, unit, attempt, teacher, request } = errand;
  const attributes: Attributes = {
    'gen_ai.operation.name': 'chat',
    'gen_ai.provider.name': teacher.provider,
    'gen_ai.request.model': teacher.model,
    'gen_ai.request.max_tokens': request.maxTokens,
    'gen_ai.output.type': request.schema ? 'json' : 'text',
    'distillery.stage': stage,
    'distillery.unit': unit,
    'distillery.attempt': attempt,
    'distillery.batched': batched,
    ...(request.temperature !== undefined && { 'gen_ai.request.temperature': request.temperature }),
    ...(request.seed !== undefined && { 'gen_ai.request.seed': request.seed }),
    ...(withText && { 'gen_ai.input.messages': JSON.stringify(request.messages.map(asParts)) }),
  };
  const span = tracer.startSpan(`chat ${teacher.model}`, { kind: SpanKind.CLIENT, attributes }, within);
  return (outcome: Outcome): void => {
    if ('line' in outcome) {
      const { reply, cost } = outcome.line;
      span.setAttributes({
        'gen_ai.usage.input_tokens': reply.usage.input,
        'gen_ai.usage.output_tokens': reply.usage.output,
        'gen_ai.response.finish_reasons': [reply.finish],
        'distillery.cost_usd': toUsd(cost),
        ...(reply.requestId !== undefined && { 'gen_ai.response.id': reply.requestId }),
        ...(withText && {
          'gen_ai.output.messages': JSON.stringify([asParts({ role: 'assistant', content: reply.text })]),
        }),
      });
    } else {
      const type = 'error' in outcome ? outcome.error.code : outcome.closed.reason;
      // The error's sentence may quote a provider; its code says enough.
      span.setAttribute('error.type', type).setStatus({ code: SpanStatusCode.ERROR });
    }
    span.end();
  };
}

function asParts({ role, content }: Message) {
  return { role, parts: [{ type: 'text', content }] };
}
