"""Makes the artefact out of a run: ``python -m knowledge.training.reader.export --help``.

The encoder becomes an ONNX graph whose matrices are 8-bit, a scale a column (activations are
quantised as they come); the words keep e5's own 4 bits, which training does not touch.
"""

from __future__ import annotations

import argparse
import hashlib
import importlib
import json
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from knowledge.neural.reader.engine import load_engine
from knowledge.training.reader.network import torch
from knowledge.training.reader.pack import installed_pack, read_pack
from knowledge.training.reader.vocabulary import words_of

__all__ = ["graph_of", "main"]

Array = NDArray[Any]

_OPSET = 20  # the first with GELU


class _Graph:
    """An ONNX graph as it grows."""

    def __init__(self) -> None:
        self._onnx: Any = importlib.import_module("onnx")
        self.nodes: list[Any] = []
        self.constants: list[Any] = []

    def constant(self, name: str, array: Array) -> str:
        self.constants.append(self._onnx.numpy_helper.from_array(array, name))
        return name

    def node(self, kind: str, inputs: Sequence[str], output: str, **attributes: object) -> str:
        self.nodes.append(
            self._onnx.helper.make_node(kind, list(inputs), [output], name=output, **attributes)
        )
        return output

    def model(self, hidden: int) -> Any:  # noqa: ANN401 - untyped
        helper, number = self._onnx.helper, self._onnx.TensorProto.FLOAT
        graph = helper.make_graph(
            self.nodes,
            "reader",
            [helper.make_tensor_value_info("words", number, ["texts", "pieces", hidden])],
            [
                helper.make_tensor_value_info("starts", number, ["texts", "pieces"]),
                helper.make_tensor_value_info("ends", number, ["texts", "pieces"]),
                helper.make_tensor_value_info("answerable", number, ["texts"]),
            ],
            self.constants,
        )
        return helper.make_model(
            graph, opset_imports=[helper.make_opsetid("", _OPSET)], ir_version=10
        )


def graph_of(weights: Mapping[str, Array], *, heads: int, epsilon: float) -> Any:  # noqa: ANN401
    """Return the ONNX model: embeddings of the pieces (texts × pieces × hidden) to logits of
    starts and ends and of answerable. Texts of a batch are of one length."""
    graph = _Graph()
    hidden = weights["emb.ln.w"].shape[0]
    size = hidden // heads

    def linear(x: str, name: str, output: str) -> str:
        matrix = graph.constant(f"{output}.w", np.ascontiguousarray(weights[f"{name}.w"].T))
        product = graph.node("MatMul", [x, matrix], f"{output}.product")
        bias = graph.constant(f"{output}.b", weights[f"{name}.b"])
        return graph.node("Add", [product, bias], output)

    def normal(x: str, name: str, output: str) -> str:
        scale = graph.constant(f"{output}.scale", weights[f"{name}.w"])
        shift = graph.constant(f"{output}.shift", weights[f"{name}.b"])
        return graph.node("LayerNormalization", [x, scale, shift], output, epsilon=epsilon)

    zero = graph.constant("zero", np.array([0], np.int64))
    one = graph.constant("one", np.array([1], np.int64))
    two = graph.constant("two", np.array([2], np.int64))
    split = graph.constant("split", np.array([0, 0, 3, heads, size], np.int64))
    whole = graph.constant("whole", np.array([0, 0, hidden], np.int64))
    length = graph.node("Slice", [graph.node("Shape", ["words"], "shape"), one, two], "length")
    positions = graph.constant("positions", weights["emb.pos"])
    placed = graph.node("Slice", [positions, zero, length], "placed")
    x = normal(graph.node("Add", ["words", placed], "embedded"), "emb.ln", "embedded.normal")
    layer = 0
    while f"l{layer}.qkv.w" in weights:
        p = f"l{layer}."
        parts = graph.node("Reshape", [linear(x, f"{p}qkv", f"{p}qkv"), split], f"{p}parts")
        turned = graph.node("Transpose", [parts], f"{p}turned", perm=[2, 0, 3, 1, 4])
        names = [f"{p}{part}" for part in ("q", "k", "v")]
        for at, name in enumerate(names):
            index = graph.constant(f"{name}.at", np.array(at, np.int64))
            graph.node("Gather", [turned, index], name, axis=0)
        factor = graph.constant(f"{p}factor", np.array(size**-0.5, np.float32))
        query = graph.node("Mul", [names[0], factor], f"{p}scaled")
        keys = graph.node("Transpose", [names[1]], f"{p}keys", perm=[0, 1, 3, 2])
        scores = graph.node("MatMul", [query, keys], f"{p}scores")
        shares = graph.node("Softmax", [scores], f"{p}shares", axis=-1)
        mixed = graph.node("MatMul", [shares, names[2]], f"{p}mixed")
        back = graph.node("Transpose", [mixed], f"{p}back", perm=[0, 2, 1, 3])
        joined = graph.node("Reshape", [back, whole], f"{p}joined")
        added = graph.node("Add", [x, linear(joined, f"{p}ao", f"{p}ao")], f"{p}attended")
        x = normal(added, f"{p}aln", f"{p}attended.normal")
        inner = graph.node("Gelu", [linear(x, f"{p}fi", f"{p}fi")], f"{p}inner")
        added = graph.node("Add", [x, linear(inner, f"{p}fo", f"{p}fo")], f"{p}whole")
        x = normal(added, f"{p}oln", f"{p}whole.normal")
        layer += 1
    both = linear(x, "span", "span")
    for at, name in enumerate(("starts", "ends")):
        index = graph.constant(f"{name}.at", np.array(at, np.int64))
        graph.node("Gather", [both, index], name, axis=2)
    first = graph.node(
        "Gather", [x, graph.constant("first.at", np.array(0, np.int64))], "first", axis=1
    )
    pooled = graph.node("Tanh", [linear(first, "pool", "pool")], "pooled")
    graph.node("Squeeze", [linear(pooled, "answerable", "logit"), one], "answerable")
    return graph.model(hidden)


def main(arguments: Sequence[str] | None = None) -> None:
    """Export from the command line."""
    parser = argparse.ArgumentParser(description="Make the reader's artefact out of a run.")
    parser.add_argument("--run", type=Path, required=True, help="the folder of the run")
    parser.add_argument("--to", type=Path, required=True, help="the folder of the artefact")
    parser.add_argument("--version", required=True, help="of the artefact")
    given = parser.parse_args(arguments)
    onnx: Any = importlib.import_module("onnx")
    load_engine()
    quantisation: Any = importlib.import_module("onnxruntime.quantization")
    pack = read_pack(installed_pack())
    saved: dict[str, Any] = torch.load(given.run / "last.pt", weights_only=True)
    weights: dict[str, Array] = {
        name: tensor.float().numpy() for name, tensor in saved["average"].items()
    }
    given.to.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="sourcier-") as place:
        whole = Path(place) / "whole.onnx"
        onnx.save(graph_of(weights, heads=pack.heads, epsilon=pack.epsilon), whole)
        quantisation.quantize_dynamic(
            whole,
            given.to / "encoder.onnx",
            op_types_to_quantize=["MatMul"],
            per_channel=True,
            reduce_range=True,  # processors without VNNI add in 16 bits, which would overflow
            weight_type=quantisation.QuantType.QInt8,
            nodes_to_exclude=["span.product", "pool.product", "logit.product"],
        )
    numbers = json.loads((given.run / "vocabulary.json").read_text(encoding="utf-8"))
    words_of(pack, numbers).save(given.to / "words.npz")
    manifest = {
        "version": given.version,
        "steps": saved["at"][0],
        "configuration": saved["configuration"],
        "sha256": {
            name: hashlib.sha256((given.to / name).read_bytes()).hexdigest()
            for name in ("encoder.onnx", "words.npz")
        },
    }
    text = json.dumps(manifest, indent=2, ensure_ascii=False)
    (given.to / "manifest.json").write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
