"""Record what PyTorch does with a hopeless cross-entropy, for the chapter on softmax.

    python benchmarks/record_torch_cross_entropy.py

needs torch, which the book does not; the chapter reads the record. JSON has no inf and no nan, so
every number is stored as the text that float() reads back.
"""

import datetime
import json
import platform
from pathlib import Path

import torch
from torch.nn import functional

RECORD = (Path(__file__).resolve().parent.parent
          / "lib/problems/data/recorded/torch_cross_entropy.json")
LOSSES = {
    "log of softmax": lambda z: -torch.log(torch.softmax(z, dim=0))[1],
    "cross_entropy": lambda z: functional.cross_entropy(z[None], torch.tensor([1])),
}


def text(values):
    """Return a tensor's numbers as text, parted by spaces, that float() reads back exactly."""
    return " ".join(repr(value) for value in values.reshape(-1).tolist())


def loss_and_gradient(loss, logits):
    """Return the loss at the logits, whose true class is 1, and its gradient by autograd."""
    z = logits.clone().requires_grad_()
    value = loss(z)
    value.backward()
    return {"loss": text(value), "gradient": text(z.grad)}


def measure():
    """Return everything that the chapter quotes."""
    single, double = torch.tensor([200.0, 0.0]), torch.tensor([800.0, 0.0], dtype=torch.float64)
    masked = torch.full((3,), -torch.inf, dtype=torch.float64)
    ones = torch.ones(1, 1, 3, dtype=torch.float64)
    attend = functional.scaled_dot_product_attention
    attention = attend(ones, ones, ones, attn_mask=masked[None, :1])
    one_rare, one_common = (torch.tensor(z).double() for z in ([0.0, -40.0], [20.0, -20.0]))
    return {
        "float32, logits 200 0": {name: loss_and_gradient(f, single) for name, f in LOSSES.items()},
        "float64, logits 800 0": {name: loss_and_gradient(f, double) for name, f in LOSSES.items()},
        "fully masked row": {
            "softmax": text(torch.softmax(masked, dim=0)),
            "log_softmax": text(torch.log_softmax(masked, dim=0)),
            "logsumexp": text(torch.logsumexp(masked, dim=0)),
            "scaled_dot_product_attention": text(attention),
        },
        "float64, small part": {
            "logsumexp of 0 -40": text(torch.logsumexp(one_rare, dim=0)),
            "log_softmax of 20 -20": text(torch.log_softmax(one_common, dim=0)),
        },
    }


if __name__ == "__main__":
    record = {
        "script": "benchmarks/record_torch_cross_entropy.py",
        "date": datetime.date.today().isoformat(),
        "device": f"CPU, {platform.machine()}",
        "versions": {"python": platform.python_version(), "torch": torch.__version__},
        "measured": measure(),
    }
    RECORD.write_text(json.dumps(record, indent=1) + "\n", encoding="utf-8")
    print(f"wrote {RECORD.name}")
