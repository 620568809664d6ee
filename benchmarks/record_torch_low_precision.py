"""Record what PyTorch does with 16 and 8 bits on a CPU, for the chapter on low precision.

    python benchmarks/record_torch_low_precision.py

needs torch, which the book does not; the chapter reads the record. Nothing in it ran on a GPU.
JSON has no inf and no nan, so numbers that may be one are stored as the text that float() reads
back. How often bits differ between two sizes of a batch depends on the kernels that a processor is
given; so that part names the processor's instructions, and is compared on such processors alone.
"""

import datetime
import json
import platform
from pathlib import Path

import torch

RECORD = (Path(__file__).resolve().parent.parent
          / "lib/problems/data/recorded/torch_low_precision.json")
COUNT, WIDTH = 768, 1024
HALF, BRAIN, SINGLE = torch.float16, torch.bfloat16, torch.float32


def text(values):
    """Return a tensor's numbers as text, parted by spaces, that float() reads back exactly."""
    return " ".join(repr(value) for value in values.reshape(-1).tolist())


def moved(start, dtype):
    """Return how many of 768 equal weights 100 steps of AdamW at the rate 6e-4 have moved."""
    weights = torch.full((COUNT,), start, dtype=dtype, requires_grad=True)
    before = weights.detach().clone()
    optimizer = torch.optim.AdamW([weights], lr=6e-4, weight_decay=0.0)
    generator = torch.Generator().manual_seed(765)
    for _ in range(100):
        noise = torch.randint(-8, 9, (COUNT,), generator=generator) / 8
        weights.grad = (1 + noise).to(dtype)
        optimizer.step()
    return int(torch.count_nonzero(weights.detach() != before))


def second_moment(dtype):
    """Return AdamW's average of squares after one gradient of 1 and 999 of 0."""
    weight = torch.ones(1, dtype=dtype, requires_grad=True)
    optimizer = torch.optim.AdamW([weight], lr=1e-3)
    for step in range(1000):
        weight.grad = torch.full((1,), float(step == 0), dtype=dtype)
        optimizer.step()
    return round(optimizer.state[weight]["exp_avg_sq"].item(), 8)


def first_step(gradient, fused):
    """Return a float16 weight of 1 after one step of Adam at the rate 1e-3."""
    weight = torch.ones(1, dtype=HALF, requires_grad=True)
    optimizer = torch.optim.Adam([weight], lr=1e-3, fused=fused)
    weight.grad = torch.full((1,), gradient, dtype=HALF)
    optimizer.step()
    return text(weight.detach())


def scale_after(steps):
    """Return the scale of a GradScaler after some steps with an infinite loss."""
    scaler = torch.amp.GradScaler("cpu")
    weight = torch.ones(1, requires_grad=True)
    optimizer = torch.optim.SGD([weight], lr=0.1)
    for _ in range(steps):
        optimizer.zero_grad()
        scaler.scale(torch.sum(weight * torch.inf)).backward()
        scaler.step(optimizer)
        scaler.update()
    return {"scale": repr(scaler.get_scale()), "weight": text(weight.detach())}


def in_batches(dtype):
    """Return how many of 1024 entries of a row's product other rows in its batch have changed."""
    generator = torch.Generator().manual_seed(7779)
    rows = torch.randn(64, WIDTH, generator=generator).to(dtype)
    weights = torch.randn(WIDTH, WIDTH, generator=generator).to(dtype)
    alone = (rows[:1] @ weights)[0]
    return {str(size): int(torch.count_nonzero((rows[:size] @ weights)[0] != alone))
            for size in (1, 2, 3, 4, 8, 64)}


def rounded_once():
    """Return whether a float16 product of 65 536 terms errs by no more than one rounding."""
    generator = torch.Generator().manual_seed(65536)
    x, y = (torch.rand(65536, generator=generator).to(HALF) for _ in range(2))
    exact = torch.dot(x.double(), y.double())
    return bool(abs((torch.dot(x, y).double() - exact) / exact) <= 2.0**-11)


def under_autocast():
    """Return the formats in which operations answer under autocast to bfloat16 on a CPU."""
    x = torch.ones(2, 4)
    with torch.autocast("cpu", BRAIN):
        found = {"linear": torch.nn.functional.linear(x, torch.ones(3, 4)),
                 "softmax": torch.softmax(torch.nn.functional.linear(x, torch.ones(3, 4)), -1),
                 "cross_entropy": torch.nn.functional.cross_entropy(x, torch.tensor([0, 1]))}
    return {name: str(value.dtype) for name, value in found.items()}


def measure():
    """Return everything that the chapter quotes."""
    large = torch.tensor([1000.0, torch.inf])
    ones = torch.ones(5000, 2, dtype=HALF)
    return {
        "AdamW, of 768 weights moved": {
            "bfloat16, from 1": moved(1.0, BRAIN), "bfloat16, from 0.02": moved(0.02, BRAIN),
            "float32, from 1": moved(1.0, SINGLE), "float32, from 0.02": moved(0.02, SINGLE)},
        "AdamW, average of squares after 999 zeros": {
            "bfloat16": second_moment(BRAIN), "float32": second_moment(SINGLE)},
        "Adam in float16, a weight of 1 after one step": {
            name: {repr(gradient): first_step(gradient, fused) for gradient in (0.0, 1e-3, 1e-2)}
            for name, fused in (("default", None), ("fused", True))},
        "GradScaler after 200 infinite losses": scale_after(200),
        "1000 and inf": {"float8_e4m3fn": text(large.to(torch.float8_e4m3fn).float()),
                         "float8_e5m2": text(large.to(torch.float8_e5m2).float())},
        "5000 float16 ones": {"sum of a column": text(torch.sum(ones, 0)[:1]),
                              "last of cumsum": text(torch.cumsum(ones[:, 0], 0)[-1:])},
        "float16 product of 65536 terms, rounded once": rounded_once(),
        "autocast to bfloat16": under_autocast(),
        "allowed for CUDA by default": {
            "fp16 reduced precision reduction":
                torch.backends.cuda.matmul.allow_fp16_reduced_precision_reduction,
            "bf16 reduced precision reduction":
                torch.backends.cuda.matmul.allow_bf16_reduced_precision_reduction,
            "fp16 accumulation": torch.backends.cuda.matmul.allow_fp16_accumulation},
        "instructions": torch.backends.cpu.get_cpu_capability(),
        "of 1024 entries changed by the batch": {
            "float32": in_batches(SINGLE), "bfloat16": in_batches(BRAIN)},
    }


if __name__ == "__main__":
    torch.set_num_threads(1)
    record = {
        "script": "benchmarks/record_torch_low_precision.py",
        "date": datetime.date.today().isoformat(),
        "device": f"CPU, {platform.machine()}, one thread",
        "versions": {"python": platform.python_version(), "torch": torch.__version__},
        "measured": measure(),
    }
    RECORD.write_text(json.dumps(record, indent=1) + "\n", encoding="utf-8")
    print(f"wrote {RECORD.name}")
