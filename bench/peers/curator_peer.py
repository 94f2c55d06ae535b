"""bespokelabs-curator, against any server that speaks OpenAI's protocol."""

import os
from importlib.util import find_spec
from pathlib import Path

import measure

# It counts tokens with an encoding that it would fetch from the network; the one that litellm carries serves as well.
litellm = find_spec("litellm")
assert litellm is not None and litellm.origin is not None
os.environ["TIKTOKEN_CACHE_DIR"] = str(Path(litellm.origin).parent / "litellm_core_utils" / "tokenizers")
os.environ["CURATOR_CACHE_DIR"] = measure.folder
os.environ["TELEMETRY_ENABLED"] = "false"

from bespokelabs import curator  # noqa: E402


class Answerer(curator.LLM):
    def prompt(self, input: dict) -> str:
        return input["prompt"]

    def parse(self, input: dict, response: str) -> dict:
        return {"answer": response}


llm = Answerer(
    model_name=measure.model,
    backend="openai",
    # Replies that end for length would be asked for ten times more.
    generation_params={"max_tokens": 2000},
    backend_params={
        "base_url": f"{measure.url}/v1",
        "api_key": "sk-test",
        "max_requests_per_minute": 10_000_000,
        "max_tokens_per_minute": 10_000_000_000,
        "max_concurrent_requests": measure.in_flight,
    },
)


def work() -> int:
    answers = llm([{"prompt": prompt} for prompt in measure.prompts])
    return len(getattr(answers, "dataset", answers))


measure.measured(work)
