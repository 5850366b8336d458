"""Networks: affine maps with exact weights, and one activation between them."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from flint import fmpq

from boundcheck.errors import BoundcheckError, Unsupported
from boundcheck.exact.networks import network_files
from boundcheck.exact.networks.affine import Affine, Entry, MatrixLike, VectorLike, affine
from boundcheck.exact.networks.difference import Difference, Part, parts_of
from boundcheck.exact.networks.shape import Shape, padding_needed, same_depth
from boundcheck.exact.terms.activation import Activation, Operand, Output, SignReLU, choose_piece
from boundcheck.exact.terms.rational import ExactLike, fraction, rational
from boundcheck.exact.terms.term import (
    Term,
    TermLike,
    TextOrTerm,
    activate,
    call,
    is_symbolic,
    number,
    postorder,
    substitute,
    term,
)
from boundcheck.rims import rim

if TYPE_CHECKING:
    import torch

_ZERO, _ONE = fmpq(0), fmpq(1)


class Network:
    """A_{L+1} ∘ ρ ∘ A_L ∘ ... ∘ ρ ∘ A_1 with affine A_l and an activation ρ; L is the depth.

    Args:
        layers: the affine maps, first to last; one more than there are hidden layers.
        activation: ρ, the same for every neuron; SignReLU by default.

    Raises:
        BoundcheckError: no layers, or layers that do not fit together.

    >>> from boundcheck import ReLU, gates, symbols
    >>> hat = Network.from_layers([([[1], [1], [1]], [1, 0, -1]), ([[1, -2, 1]], [0])], ReLU())
    >>> hat, hat("1/2")
    (Network(1 -> 3 -> 1, ReLU()), Fraction(1, 2))
    >>> print(hat.depth, hat.affine_maps, hat.inputs, hat.outputs, hat.widths, hat.width, hat.shape)
    1 2 1 1 (3,) 3 1 -> 3 -> 1
    >>> print(hat.parameters, hat.largest_weight, gates.reciprocal(symbols("c")).free)
    8 2 frozenset({'c'})
    """

    def __init__(self, layers: Sequence[Affine], activation: Activation | None = None) -> None:
        self.layers = tuple(layers)
        self.activation = SignReLU() if activation is None else activation
        if not isinstance(self.activation, Activation):
            raise BoundcheckError(
                f"the activation is {activation!r}; give an instance of a class of activations, "
                "such as SignReLU(), ReLU() or LeakyReLU()"
            )
        if not self.layers:
            raise BoundcheckError("a network needs at least one affine map")
        for k, (one, two) in enumerate(zip(self.layers, self.layers[1:], strict=False), start=1):
            if one.outputs != two.inputs:
                raise BoundcheckError(
                    f"layer {k + 1} takes {two.inputs} inputs but layer {k} gives {one.outputs}; "
                    "the two numbers must agree"
                )

    @classmethod
    def from_layers(
        cls, layers: Sequence[tuple[MatrixLike, VectorLike]], activation: Activation | None = None
    ) -> Network:
        """A network from pairs (weight, bias): weights (outputs, inputs), biases (outputs,).

        Entries are ints, fractions, texts, floats (the dyadic rationals that they are), terms or
        sympy expressions.

        Raises:
            BoundcheckError: no layers, layers that do not fit together, entries that are not exact.

        >>> net = Network.from_layers([([[1, "1/3"]], [0]), ([[0.5], [2]], [0, 0])])
        >>> net.widths, net(1, 3)
        ((1,), (Fraction(1, 1), Fraction(4, 1)))
        """
        return cls(
            [affine(w, b, f"layer {k}") for k, (w, b) in enumerate(layers, start=1)], activation
        )

    # -- accounting ----------------------------------------------------------------------------

    @property
    def depth(self) -> int:
        """The number of hidden layers."""
        return len(self.layers) - 1

    @property
    def affine_maps(self) -> int:
        """The number of affine maps, which some papers call the depth."""
        return len(self.layers)

    @property
    def inputs(self) -> int:
        """The number of inputs."""
        return self.layers[0].inputs

    @property
    def outputs(self) -> int:
        """The number of outputs."""
        return self.layers[-1].outputs

    @property
    def widths(self) -> tuple[int, ...]:
        """The widths of the hidden layers."""
        return tuple(layer.outputs for layer in self.layers[:-1])

    @property
    def width(self) -> int:
        """The width of the largest hidden layer, 0 for an affine map."""
        return max(self.widths, default=0)

    @property
    def shape(self) -> Shape:
        """The sizes alone."""
        return Shape.of(self.inputs, self.widths, self.outputs)

    @property
    def free(self) -> frozenset[str]:
        """The symbols in the weights and the activation's parameters."""
        entries = [e for layer in self.layers for e in layer.entries()] + list(
            self.activation.parameters
        )
        return frozenset().union(*(e.free for e in entries if isinstance(e, Term)))

    @property
    def parameters(self) -> int:
        """The number of weights and biases that are not zero (as functions of the symbols).

        Raises:
            BoundcheckError: a symbolic weight that is not rational.
        """
        return sum(not _vanishes(e) for layer in self.layers for e in layer.entries())

    @property
    def largest_weight(self) -> Fraction | Term:
        """max |entry| over weights and biases: a `Fraction`, or a term where symbols occur."""
        entries = {e for layer in self.layers for e in layer.entries()}
        exact = max((abs(e) for e in entries if isinstance(e, fmpq)), default=_ZERO)
        symbolic = [e for e in entries if isinstance(e, Term)]
        if not symbolic:
            return fraction(exact)
        return call("Max", number(exact), *(call("Abs", e) for e in sorted(symbolic, key=str)))

    # -- evaluation ----------------------------------------------------------------------------

    def __call__(self, *values: TermLike) -> Output:
        """The output: a `Fraction` at exact numbers, a term at terms and symbols.

        A tuple where there are several outputs. Floats are the dyadic rationals that they are.

        Raises:
            BoundcheckError: a wrong number of inputs, or something that is not exact.
        """
        self._check_inputs(values)
        if self.free or any(map(is_symbolic, values)):
            return _one_or_all(self.terms([term(v) for v in values]))
        return _one_or_all([fraction(v) for v in self.exactly([rational(v) for v in values])])

    def terms(self, values: Sequence[Term]) -> list[Term]:
        """The outputs as terms (one shared graph).

        >>> from boundcheck import gates, symbols
        >>> gates.reciprocal("1/2").terms([symbols("x")])
        [Term(2 + 2*signrelu(1 + -2*x))]
        """
        current = list(values)
        for k, layer in enumerate(self.layers):
            current = [term(v) for v in layer(current)]
            if k < self.depth:
                current = [activate(self.activation, v) for v in current]
        return current

    def exactly(self, values: Sequence[fmpq]) -> list[fmpq]:
        """The outputs at a rational point, for rational weights.

        >>> from boundcheck import gates
        >>> gates.reciprocal("1/2").exactly([fmpq(3)])
        [1/3]
        """
        pieces = self.activation.pieces(*map(rational, self.activation.parameters))
        current = list(values)
        for k, layer in enumerate(self.layers):
            current = layer(current)
            if k < self.depth:
                current = [choose_piece(pieces, v).formula(v) for v in current]
        return current

    def mp(self, *values: ExactLike, digits: int = 50) -> Output:
        """The output as mpmath numbers, correct to `digits` digits; a tuple for several outputs.

        Inputs are numbers, texts or `mpmath.mpf`, taken exactly. The value is computed in exact
        rationals and rounded once, so that no cancellation can cost digits.

        Raises:
            BoundcheckError: symbolic weights, or a wrong number of inputs.

        >>> import mpmath
        >>> from boundcheck import gates
        >>> mpmath.nstr(gates.reciprocal("1/2").mp(3, digits=20), 20)
        '0.33333333333333333333'
        """
        import mpmath

        self._check_inputs(values)
        if self.free:
            raise BoundcheckError(
                f"the weights contain {', '.join(sorted(self.free))}; give them numbers: "
                ".instantiate(...)"
            )
        outputs = self.exactly([rational(v) for v in values])
        with mpmath.workdps(digits):
            return _one_or_all([mpmath.mpf(int(v.p)) / int(v.q) for v in outputs])

    def instantiate(self, **values: TermLike) -> Network:
        """The network with symbols replaced by numbers or expressions.

        Raises:
            BoundcheckError: a symbol that it does not have, or a weight that divides by zero.

        >>> from boundcheck import gates, symbols
        >>> gates.reciprocal(symbols("c")).instantiate(c="1/2")(3)
        Fraction(1, 3)
        """
        unknown = sorted(values.keys() - self.free)
        if unknown:
            raise BoundcheckError(
                f"the network has no symbol {', '.join(unknown)}; it has "
                f"{', '.join(sorted(self.free)) or 'none'}"
            )
        terms = {name: term(v) for name, v in values.items()}

        def put(e: Entry) -> Entry:
            if isinstance(e, fmpq):
                return e
            return _settled(substitute((e,), terms)[0])

        layers = [
            Affine(tuple(tuple(map(put, row)) for row in a.weight), tuple(map(put, a.bias)))
            for a in self.layers
        ]
        return Network(layers, type(self.activation)(*map(put, self.activation.parameters)))

    def _check_inputs(self, values: Sequence[object]) -> None:
        if len(values) != self.inputs:
            raise BoundcheckError(f"the network takes {self.inputs} inputs, not {len(values)}")

    # -- composition ---------------------------------------------------------------------------

    def then(self, other: Network) -> Network:
        """`other` after this network; the two affine maps that meet become one.

        Raises:
            BoundcheckError: different activations, or numbers of outputs and inputs.

        >>> from boundcheck import gates
        >>> twice = gates.reciprocal("1/2").then(gates.reciprocal("1/4"))
        >>> print(twice.shape, twice(3))
        1 -> 1 -> 1 -> 1 3
        """
        self._check_activation(other)
        if self.outputs != other.inputs:
            raise BoundcheckError(
                f"{self.outputs} outputs cannot feed {other.inputs} inputs; the two "
                "numbers must agree"
            )
        joint = other.layers[0].after(self.layers[-1])
        return Network((*self.layers[:-1], joint, *other.layers[1:]), self._activation_of(other))

    def beside(self, other: Network, *, share_inputs: bool = False) -> Network:
        """Both networks side by side: (x, y) ↦ (self(x), other(y)), or x ↦ (self(x), other(x)).

        Raises:
            BoundcheckError: different depths (pad the shallower one), activations or, where they
                are shared, inputs.

        >>> from boundcheck import gates
        >>> both = gates.reciprocal("1/2").beside(gates.identity(1), share_inputs=True)
        >>> print(*both(3))
        1/3 3
        """
        self._check_activation(other)
        same_depth(self, other)
        if share_inputs and self.inputs != other.inputs:
            raise BoundcheckError(
                f"{self.inputs} and {other.inputs} inputs cannot be shared; the two "
                "numbers must agree"
            )
        pairs = zip(self.layers, other.layers, strict=True)
        return Network(
            [_stack(a, b, share=share_inputs and k == 0) for k, (a, b) in enumerate(pairs)],
            self._activation_of(other),
        )

    def padded(self, depth: int) -> Network:
        """The same function with exactly `depth` hidden layers.

        Each new layer repeats the last hidden one by h = ρ(h + s) - s, where h + s lies where ρ is
        the identity because ρ is bounded below.

        Raises:
            BoundcheckError: `depth` is smaller than it is, there is no hidden layer, or
                the activation is not the identity from some point on or not bounded below.

        >>> from boundcheck import gates
        >>> deep = gates.reciprocal("1/2").padded(3)
        >>> print(deep.shape, deep(3))
        1 -> 1 -> 1 -> 1 -> 1 1/3
        """
        padding = padding_needed(self.depth, depth)
        if not padding:
            return self
        floor, start = self.activation.lower_bound, self.activation.linear_from
        if floor is None or start is None:
            raise BoundcheckError(
                f"{self.activation!r} cannot be padded: that needs a lower bound and a part where "
                "it is the identity"
            )
        shift = _settled(term(start) - term(floor))
        width = self.widths[-1]
        raised, lowered = _shifted(width, shift), _shifted(width, _settled(-term(shift)))
        middle = [raised] + [raised.after(lowered)] * (padding - 1)
        return Network(
            (*self.layers[:-1], *middle, self.layers[-1].after(lowered)), self.activation
        )

    def _check_activation(self, other: Network) -> None:
        if self.depth and other.depth and self.activation != other.activation:
            raise BoundcheckError(
                f"networks with {self.activation!r} and {other.activation!r} cannot be joined; "
                "use one activation"
            )

    def _activation_of(self, other: Network) -> Activation:
        return self.activation if self.depth else other.activation

    # -- files ---------------------------------------------------------------------------------

    def save(self, path: str | Path) -> None:
        """Write the network to a JSON file, losslessly and atomically.

        >>> from boundcheck import gates
        >>> gates.reciprocal("1/2").save("reciprocal.json")
        """
        network_files.save(self.layers, self.activation, Path(path))

    @classmethod
    def load(cls, path: str | Path, activations: Sequence[type[Activation]] = ()) -> Network:
        """Read a network from a JSON file; `activations` are further ones that it may name.

        Raises:
            BoundcheckError: no such file, or one that is no network.

        >>> from boundcheck import gates
        >>> gates.reciprocal("1/2").save("reciprocal.json")
        >>> Network.load("reciprocal.json") == gates.reciprocal("1/2")
        True
        """
        layers, known = network_files.load(Path(path), activations)
        try:
            return cls(layers, known)
        except BoundcheckError as error:
            raise BoundcheckError(f"{path}: {error}") from None

    # -- torch ---------------------------------------------------------------------------------

    def to_torch(
        self, dtype: str | torch.dtype = "float64", device: str | torch.device = "cpu"
    ) -> torch.nn.Sequential:
        """The network as a `torch.nn.Sequential` with weights rounded to nearest: see
        `torchnet.convert.to_torch`.

        >>> import torch
        >>> from boundcheck import gates
        >>> module = gates.reciprocal("1/2").to_torch("float32")
        >>> module(torch.tensor([[4.0]])).item()
        0.25
        """
        return rim("torch").to_torch(self, dtype, device)

    @classmethod
    def from_torch(cls, module: torch.nn.Module) -> Network:
        """The function that a torch module stands for, exactly: see
        `torchnet.convert.from_torch`.

        >>> from boundcheck import gates
        >>> net = gates.reciprocal("1/2")
        >>> Network.from_torch(net.to_torch("float64")) == net  # powers of two: nothing is rounded
        True
        """
        read: Network = rim("torch").from_torch(module)
        return read

    # -- differences, for norms ----------------------------------------------------------------

    def __sub__(self, other: FunctionLike) -> Difference:
        return Difference(((1, self), *parts_of(other, -1)))

    def __rsub__(self, other: Part) -> Difference:
        return Difference((*parts_of(other, 1), (-1, self)))

    def __eq__(self, other: object) -> bool:
        return (
            isinstance(other, Network)
            and self.layers == other.layers
            and self.activation == other.activation
        )

    def __hash__(self) -> int:
        return hash((self.layers, self.activation))

    def __repr__(self) -> str:
        return f"Network({self.shape}, {self.activation!r})"


FunctionLike: TypeAlias = Network | Difference | TextOrTerm
"""A function given by a user, as norms take it: an expression, a network, or a difference."""


def linear(weight: MatrixLike, bias: VectorLike | None = None) -> Network:
    """The affine map as a network without hidden layers.

    >>> linear([[1, 2]], [3])(10, 20)
    Fraction(53, 1)
    """
    rows = [list(row) for row in weight]
    return Network([affine(rows, [0] * len(rows) if bias is None else bias)])


def _shifted(width: int, shift: Entry) -> Affine:
    return Affine(
        tuple(tuple(_ONE if i == j else _ZERO for j in range(width)) for i in range(width)),
        (shift,) * width,
    )


def _stack(a: Affine, b: Affine, *, share: bool) -> Affine:
    if share:
        return Affine(a.weight + b.weight, a.bias + b.bias)
    above = tuple(row + (_ZERO,) * b.inputs for row in a.weight)
    below = tuple((_ZERO,) * a.inputs + row for row in b.weight)
    return Affine(above + below, a.bias + b.bias)


def _settled(t: Term) -> Entry:
    """The number that a closed rational term is, or the term itself."""
    if t.op == "rational":
        return t.payload
    if t.free or any(
        n.op not in ("rational", "add", "sub", "mul", "div", "neg", "pow") for n in postorder(t)
    ):
        return t
    from boundcheck.exact.cells.scene import Scene, Undefined

    scene = Scene((t,), ())
    try:
        value = scene.value(t, scene.whole)
    except Undefined:
        raise BoundcheckError(f"the weight {t} divides by zero; choose other values") from None
    return (value.num / value.den).leading_coefficient() if not value.is_zero() else _ZERO


def _vanishes(e: Entry) -> bool:
    """Whether an entry is the zero function of its symbols.

    Raises:
        BoundcheckError: a symbolic entry that is not rational, where formal arithmetic cannot tell.
    """
    if isinstance(e, fmpq):
        return bool(e == 0)
    from boundcheck.exact.cells.scene import formal, is_opaque

    try:
        if not any(is_opaque(n) for n in postorder(e)):
            return formal(e).is_zero()
    except (Unsupported, ZeroDivisionError):
        pass
    raise BoundcheckError(
        f"whether the weight {e} is zero is not known; parameters are counted for rational "
        "weights only"
    )


def _one_or_all(outputs: Sequence[Operand]) -> Output:
    return outputs[0] if len(outputs) == 1 else tuple(outputs)
