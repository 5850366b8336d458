"""Networks that are run in torch and in other programs."""

from boundcheck import LeakyReLU, Network, ReLU, SignReLU, gates

GATES = {
    "reciprocal": gates.reciprocal("1/2"),
    "square": gates.square(2, 1),
    "product": gates.product(2, 1),
    "compact": gates.division(1, 2, 1),
    "textbook": gates.division_textbook(1, 2, 1),
    "clip": gates.clip(1, 2, 10),
}
NETWORKS = {
    **GATES,
    "leaky": Network.from_layers(
        [([["1/3"], ["-2/7"]], [0, "1/5"]), ([[1, "1/3"]], ["1/9"])], LeakyReLU("0.01")
    ),
    "relu": Network.from_layers(
        [([["1/3"], ["-2/7"]], [0, "1/5"]), ([[1, "1/3"]], ["1/9"])], ReLU()
    ),
    "alpha": Network.from_layers(
        [([["1/3"], ["-2/7"]], [0, "1/5"]), ([[1, "1/3"]], ["1/9"])], SignReLU("1/3")
    ),
    "affine": Network.from_layers([([["1/3", 2]], ["1/7"])]),
}
HUGE = Network.from_layers([([[1], [2]], [0, "1e400"]), ([[1, "-1e5"]], [0])])
KINKS = Network.from_layers(
    [([[1, 1]], ["-1/3"]), ([[2]], ["-1/5"]), ([[1]], [0])], SignReLU()
)  # the first neuron changes at x + y = 1/3, the second at x + y = 13/30


def outputs(result):
    return list(result) if isinstance(result, tuple) else [result]
