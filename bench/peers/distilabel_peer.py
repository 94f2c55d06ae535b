"""distilabel (Argilla): one task in a pipeline; its steps are processes of their own."""

import os

import measure

os.environ["HF_DATASETS_CACHE"] = measure.folder
os.environ["HF_HUB_OFFLINE"] = "1"

from distilabel.models import OpenAILLM  # noqa: E402
from distilabel.pipeline import Pipeline  # noqa: E402
from distilabel.steps import LoadDataFromDicts  # noqa: E402
from distilabel.steps.tasks import TextGeneration  # noqa: E402


def work() -> int:
    with Pipeline(name="peer", cache_dir=measure.folder) as pipeline:
        load = LoadDataFromDicts(
            data=[{"instruction": prompt} for prompt in measure.prompts], batch_size=measure.in_flight
        )
        llm = OpenAILLM(
            model=measure.model,
            base_url=f"{measure.url}/v1",
            api_key="sk-test",
            generation_kwargs={"max_new_tokens": 200},
        )
        load >> TextGeneration(llm=llm, input_batch_size=measure.in_flight)
    answers = pipeline.run(use_cache=False)
    return len(answers["default"]["train"])


if __name__ == "__main__":
    measure.measured(work)
