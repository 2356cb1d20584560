"""The two networks as ONNX graphs, in the form that ``knowledge.neural`` runs.

Both take the words' embeddings (``words``: texts × tokens × hidden), texts of one length. Their
matrices are 8-bit by column (``MatMulInteger``), which both are trained for: unprepared, a
retriever loses two or three of a hundred hits by it. In blocks (``MatMulNBits``) nothing has to be
learned, but a text takes twice as long.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from knowledge.training.encoders.quantisation import in_columns

__all__ = ["reader_graph", "retriever_graph"]

Array = NDArray[Any]
Weights = Mapping[str, Array]

_OPSET = 20  # the first with GELU
_IR = 10


class _Graph:
    """An ONNX graph as it grows. What a node gives is named as the node."""

    def __init__(self, name: str) -> None:
        self._onnx: Any = importlib.import_module("onnx")
        self._name = name
        self._nodes: list[Any] = []
        self._constants: list[Any] = []

    def constant(self, name: str, array: Array) -> str:
        self._constants.append(self._onnx.numpy_helper.from_array(array, name))
        return name

    def node(self, kind: str, inputs: Sequence[str], *outputs: str, **how: object) -> str:
        made = self._onnx.helper.make_node(
            kind, list(inputs), list(outputs), name=outputs[0], **how
        )
        self._nodes.append(made)
        return outputs[0]

    def normal(self, x: str, weights: Weights, name: str, output: str, epsilon: float) -> str:
        scale = self.constant(f"{output}.scale", weights[f"{name}.w"])
        shift = self.constant(f"{output}.shift", weights[f"{name}.b"])
        return self.node("LayerNormalization", [x, scale, shift], output, epsilon=epsilon)

    def product(self, x: str, matrix: Array, output: str) -> str:
        """``x`` times a matrix (outputs × inputs) in 32 bits."""
        turned = self.constant(f"{output}.w", np.ascontiguousarray(matrix.T))
        return self.node("MatMul", [x, turned], output)

    def product_in_columns(self, x: str, matrix: Array, output: str) -> str:
        numbers, scales = in_columns(matrix)
        whole, scale, zero = f"{x}.whole", f"{x}.range", f"{x}.zero"
        self.node("DynamicQuantizeLinear", [x], whole, scale, zero)
        weight = self.constant(f"{output}.w", numbers)
        integers = self.node("MatMulInteger", [whole, weight, zero], f"{output}.integers")
        to_float = self._onnx.TensorProto.FLOAT
        floats = self.node("Cast", [integers], f"{output}.floats", to=to_float)
        columns = self.constant(f"{output}.scales", scales)
        return self.node(
            "Mul", [floats, self.node("Mul", [scale, columns], f"{output}.scale")], output
        )

    def model(self, hidden: int, outputs: Mapping[str, Sequence[str | int]]) -> Any:  # noqa: ANN401 - untyped
        helper, number = self._onnx.helper, self._onnx.TensorProto.FLOAT
        words = helper.make_tensor_value_info("words", number, ["texts", "tokens", hidden])
        found = [
            helper.make_tensor_value_info(name, number, shape) for name, shape in outputs.items()
        ]
        graph = helper.make_graph(self._nodes, self._name, [words], found, self._constants)
        versions = [helper.make_opsetid("", _OPSET)]
        return helper.make_model(graph, opset_imports=versions, ir_version=_IR)


def retriever_graph(weights: Weights, heads: int, epsilon: float) -> Any:  # noqa: ANN401
    """Return the ONNX model that gives ``vector`` (texts × hidden), of length one."""
    graph = _Graph("retriever")
    found = _encoder(graph, weights, heads, epsilon)
    axis = graph.constant("tokens.axis", np.array([1], np.int64))
    mean = graph.node("ReduceMean", [found, axis], "mean", keepdims=0)
    graph.node("LpNormalization", [mean], "vector", axis=-1, p=2)
    hidden = weights["emb.ln.w"].shape[0]
    return graph.model(hidden, {"vector": ["texts", hidden]})


def reader_graph(weights: Weights, heads: int, epsilon: float) -> Any:  # noqa: ANN401
    """Return the ONNX model that gives ``starts`` and ``ends`` (texts × tokens) and ``answerable``
    (texts): see ``network.read``."""
    graph = _Graph("reader")
    found = _encoder(graph, weights, heads, epsilon)
    both = _linear(graph, graph.product, weights, "span", found)
    for at, name in enumerate(("starts", "ends")):
        index = graph.constant(f"{name}.at", np.array(at, np.int64))
        graph.node("Gather", [both, index], name, axis=2)
    start = graph.constant("first.at", np.array(0, np.int64))
    first = graph.node("Gather", [found, start], "first", axis=1)
    pooled = graph.node("Tanh", [_linear(graph, graph.product, weights, "pool", first)], "pooled")
    axis = graph.constant("answerable.axis", np.array([1], np.int64))
    logit = _linear(graph, graph.product, weights, "answerable", pooled, "logit")
    graph.node("Squeeze", [logit, axis], "answerable")
    tokens = ["texts", "tokens"]
    hidden = weights["emb.ln.w"].shape[0]
    return graph.model(hidden, {"starts": tokens, "ends": tokens, "answerable": ["texts"]})


_Product = Callable[[str, Array, str], str]


def _linear(
    graph: _Graph, product: _Product, weights: Weights, name: str, x: str, output: str = ""
) -> str:
    output = output or name
    found = product(x, weights[f"{name}.w"], f"{output}.product")
    return graph.node("Add", [found, graph.constant(f"{output}.b", weights[f"{name}.b"])], output)


def _encoder(graph: _Graph, weights: Weights, heads: int, epsilon: float) -> str:
    """Add the layers to the graph; return the name of the last one's states."""
    product, hidden = graph.product_in_columns, weights["emb.ln.w"].shape[0]
    size = hidden // heads
    zero, one, two = (
        graph.constant(name, np.array([value], np.int64))
        for value, name in enumerate(("zero", "one", "two"))
    )
    split = graph.constant("split", np.array([0, 0, 3, heads, size], np.int64))
    whole = graph.constant("whole", np.array([0, 0, hidden], np.int64))
    factor = graph.constant("factor", np.array(size**-0.5, np.float32))
    places = [graph.constant(f"{part}.at", np.array(at, np.int64)) for at, part in enumerate("qkv")]
    length = graph.node("Slice", [graph.node("Shape", ["words"], "shape"), one, two], "length")
    positions = graph.constant("positions", weights["emb.pos"])
    placed = graph.node("Slice", [positions, zero, length], "placed")
    embedded = graph.node("Add", ["words", placed], "embedded")
    x = graph.normal(embedded, weights, "emb.ln", "embedded.normal", epsilon)
    layer = 0
    while f"l{layer}.qkv.w" in weights:
        p = f"l{layer}."
        together = _linear(graph, product, weights, f"{p}qkv", x)
        parts = graph.node("Reshape", [together, split], f"{p}parts")
        turned = graph.node("Transpose", [parts], f"{p}turned", perm=[2, 0, 3, 1, 4])
        query, key, value = (
            graph.node("Gather", [turned, at], f"{p}{part}", axis=0)
            for part, at in zip("qkv", places, strict=True)
        )
        scaled = graph.node("Mul", [query, factor], f"{p}scaled")
        keys = graph.node("Transpose", [key], f"{p}keys", perm=[0, 1, 3, 2])
        scores = graph.node("MatMul", [scaled, keys], f"{p}scores")
        shares = graph.node("Softmax", [scores], f"{p}shares", axis=-1)
        mixed = graph.node("MatMul", [shares, value], f"{p}mixed")
        back = graph.node("Transpose", [mixed], f"{p}back", perm=[0, 2, 1, 3])
        joined = graph.node("Reshape", [back, whole], f"{p}joined")
        attended = _linear(graph, product, weights, f"{p}ao", joined)
        added = graph.node("Add", [x, attended], f"{p}attended")
        x = graph.normal(added, weights, f"{p}aln", f"{p}attended.normal", epsilon)
        inner = graph.node("Gelu", [_linear(graph, product, weights, f"{p}fi", x)], f"{p}inner")
        added = graph.node(
            "Add", [x, _linear(graph, product, weights, f"{p}fo", inner)], f"{p}whole"
        )
        x = graph.normal(added, weights, f"{p}oln", f"{p}whole.normal", epsilon)
        layer += 1
    return x
