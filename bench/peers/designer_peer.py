"""NVIDIA's data-designer: one column that a model fills, over a seed of questions."""

import os

os.environ["NEMO_TELEMETRY_ENABLED"] = "false"

import data_designer.config as dd  # noqa: E402
import pandas as pd  # noqa: E402
from data_designer.interface import DataDesigner  # noqa: E402

import measure  # noqa: E402

designer = DataDesigner(
    artifact_path=measure.folder,
    model_providers=[dd.ModelProvider(name="simulator", endpoint=f"{measure.url}/v1", api_key="sk-test")],
)
designer.set_run_config(dd.RunConfig(otel_metrics_port=None))
model = dd.ModelConfig(
    alias="answerer",
    model=measure.model,
    provider="simulator",
    skip_health_check=True,
    inference_parameters=dd.ChatCompletionInferenceParams(max_parallel_requests=measure.in_flight, max_tokens=200),
)
builder = dd.DataDesignerConfigBuilder(model_configs=[model])
builder.with_seed_dataset(dd.DataFrameSeedSource(df=pd.DataFrame({"question": measure.prompts})))
builder.add_column(dd.LLMTextColumnConfig(name="answer", prompt="{{ question }}", model_alias="answerer"))


def work() -> int:
    return len(designer.create(builder, num_records=measure.requests).load_dataset())


measure.measured(work)
