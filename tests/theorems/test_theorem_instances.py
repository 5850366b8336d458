"""Every theorem of proofs/ and every axiom at finite models: wherever the hypotheses hold, so does
the conclusion; and the hypotheses do hold at several models, so that this can fail."""

from fractions import Fraction
from pathlib import Path

import pytest
from activation_witnesses import ACTIVATION
from block_witnesses import BLOCKS
from guided_sampling import Refuted, tried
from network_witnesses import WITNESSES as NETWORKS
from softmax_witnesses import SOFTMAX

from boundcheck.claims.theorem_statement import TheoremStatement
from boundcheck.theorems.axioms.all_axioms import AXIOMS
from boundcheck.theorems.language.expr import made, number, rebuilt
from boundcheck.verification.collect import collect

PROOFS = Path(__file__).parents[2] / "proofs"
LEAST = 5
"""Models of the hypotheses for each claim of a conclusion."""
POSTERIOR = "for all samples there are parameters with which the predictor is a softmax, nearly"
UNIFORM = "its law is uniform on an interval, and no law of a finite model is"
MEANS = "weights add up to 1 and have a mean, for all points, which these models do not find"
NO_SCORE = "Fisher informations fall like d/u, and functions of finite models are piecewise linear"
NORMAL = "its law is the standard normal one, and no law of a finite model is"
WITNESSES = {**NETWORKS, **ACTIVATION, **BLOCKS, **SOFTMAX}
NO_INTEGRALS = "it assumes something of integrals, which these models do not have"
NEVER_MET = {
    "faces.grid_of_a_face": MEANS,
    "strata_networks.cost_of_neurons": MEANS,
    "strata_networks.error_at_a_point": MEANS,
    "kernel_variation.variation_of_the_profile": NO_INTEGRALS,
    "kernel_variation.variation_of_a_kernel": NO_INTEGRALS,
    "fisher.bayes_step": NO_SCORE,
    "fisher.bayes_step_at_most": NO_SCORE,
    "fisher.bayes_steps": NO_SCORE,
    "blocks.turned_round": UNIFORM,
    "blocks.random_knot": UNIFORM,
    "uniform_law_turned_round": UNIFORM,
    **dict.fromkeys(
        (
            *(f"normal_waves.wave_of_a_normal_{of}" for of in ("variable", "vector")),
            *(f"normal_waves.size_of_a_normal_{of}" for of in ("variable", "vector")),
            *(f"random_blocks.over_the_{of}" for of in ("first_knot", "frequency")),
            *(f"random_blocks.{of}" for of in ("mean_of_a_block", "good_draw", "network")),
            *("waves_of_the_normal_law", "size_of_a_normal_variable"),
            "normal_laws_have_densities",
            "normal_laws.density_of_a_normal_law",
            "normal_laws.moments_of_the_standard_normal_law",
            "normal_laws.moments_of_a_density",
            "normal_vectors.moments_of_a_normal_vector",
            "normal_vectors.squared_distance_from_a_point",
            "normal_vectors.divergence_of_normal_laws",
            *(f"normal_chains.{of}" for of in ("sizes_of_normal_steps", "one_step")),
            *(f"diffusion_steps.{of}" for of in ("posterior", "reverse_step", "prior_term")),
            "diffusion_chain.one_step_of_the_model",
            "diffusion_chain.chain_given_the_data",
            "diffusion_chain.loss_of_the_predictor",
            "diffusion_chain.error_decomposition",
            "end_to_end.of_excess_risks",
            "end_to_end.end_to_end_bound",
            "diffusion_chain.divergence_by_information",
            "diffusion_chain.without_learning",
            *(
                f"noise_levels.{of}"
                for of in ("forward_kernel", "least_error", "error_grows", "affine_predictor")
            ),
            *(f"noise_levels.information_{of}" for of in ("of_a_step", "is_positive")),
            "information_and_error",
        ),
        NORMAL,
    ),
    "off_box.tail": NORMAL,
    "ratio_rates.no_rate_with_m_the_weight_scale": UNIFORM,
    "readings.class_that_grows": UNIFORM,
    "readings.bound_of_the_gate": UNIFORM,
    "networks_are_far_from_logistic": UNIFORM,
    "means_of_a_uniform_law": UNIFORM,
    "softmax_risk.learnt_softmax": POSTERIOR,
    "softmax_risk.excess_of_a_step": POSTERIOR,
    "end_to_end.excess_of_a_step": POSTERIOR,
    **dict.fromkeys(
        (
            "uniform_laws.square_over_an_interval",
            "uniform_laws.moments",
            "uniform_laws.fourth_moment",
            "jensen_gaps.hump_on_average",
            "jensen_gaps.mean_square_of_a_gap",
            "face_gaps.square_on_a_face",
            "face_gaps.fourth_moment_on_a_face",
            "face_gaps.sharp_square",
            "marginal_networks.gap_of_a_face",
            "marginal_networks.network_on_a_grid",
            "marginals.sharp_bound",
            "marginals.approximation",
            "marginals.plain_bound",
            *(f"spline_cells.{of}" for of in ("green_inside", "mean_over_a_cell", "all_cells")),
            *(f"spline_density.{of}" for of in ("error_at_a_point", "relative_error")),
            *(f"spline_gaps.{of}_function" for of in ("green", "mean_of_greens")),
            "spline_gaps.gap_of_a_kernel",
            "spline_relative.gap_of_the_marginals",
            "spline_relative.square_of_a_gap",
        ),
        UNIFORM,
    ),
}
"""What these models cannot say anything of, and why."""
UNBUILT = {
    "face_gaps.height_on_a_face",
    "spline_class.covering_number",
    "spline_networks.smooth_interpolant",
    "splines.interpolant",
    "strata_networks.network_of_strata",
}
"""What they say there is nobody has built for a model yet, or one claim of several is not met."""
INTEGRALS = {
    "inverse_density.integral",
    "blocks.mean_of_an_interpolant",
    "blocks.mean_square_of_an_interpolant",
    "readings.tail_of_an_atom",
}
"""What they say is of an integral, which these models do not compute; by quadrature it is tried in
tests/theory/test_random_neurons.py, test_positivity.py and test_readings.py."""
STATEMENTS = {
    claim.id: statement
    for claim in collect([PROOFS]).claims
    for statement in claim.statements()
    if isinstance(statement, TheoremStatement)
}


def derived(name):
    """The theorem of a claim."""
    return STATEMENTS[name].derive(10).theorem


def check(name, hyps, concl):
    """Its claims hold at enough models."""
    counts = tried(hyps, concl, name, WITNESSES.get(name))
    if name in NEVER_MET:
        assert not any(c.met for c in counts), f"{name} is met: take it off the list"
        return
    if name in INTEGRALS:
        assert all(c.met and not c.checked for c in counts), f"{name} is seen: take it off the list"
        return
    if name in UNBUILT:
        assert any(c.checked < LEAST for c in counts), f"{name} is checked: take it off the list"
        return
    for c in counts:
        assert c.checked >= LEAST, (
            f"{name}: hypotheses met at {c.met} models, a conclusion checked at {c.checked}; "
            f"{sorted(c.why)}. What there is, network_witnesses.py builds; what finite models "
            "cannot fulfil, NEVER_MET lists"
        )


@pytest.mark.parametrize("name", STATEMENTS)
def test_no_instance_contradicts_a_theorem(name):
    theorem = derived(name)
    check(name, theorem.hyps, theorem.concl)


@pytest.mark.parametrize("name", AXIOMS)
def test_no_instance_contradicts_an_axiom(name):
    check(name, (), AXIOMS[name].formula)


def test_the_lists_of_names_are_up_to_date():
    assert WITNESSES.keys() <= STATEMENTS.keys()
    assert NEVER_MET.keys() | UNBUILT | INTEGRALS <= STATEMENTS.keys() | AXIOMS.keys()


# -- what is false is seen -------------------------------------------------------------------------


def sharper(formula, factor):
    """The right sides of upper bounds and of equations, and the left sides of lower bounds, times a
    factor."""
    match formula.head:
        case "relation" if formula.args[0].sort.numeric:
            a, b = formula.args
            upper = formula.data in ("<=", "<", "==")
            sides = (a, number(factor) * b) if upper else (a * number(factor), b)
            return made("relation", formula.data, sides)
        case "implies":
            return rebuilt(formula, (formula.args[0], sharper(formula.args[1], factor)))
        case "and" | "forall" | "exists":
            return rebuilt(formula, tuple(sharper(a, factor) for a in formula.args))
    return formula


def with_number(e, old, new):
    """Another number in all places of one."""
    if e.head == "number" and e.data == old:
        return number(new)
    return rebuilt(e, tuple(with_number(a, old, new) for a in e.args)) if e.args else e


def refuted(name, hyps, concl):
    """Whether a model says no; not every walk finds one."""
    for walk in range(5):
        try:
            tried(hyps, concl, f"{name} {walk}", WITNESSES.get(name))
        except Refuted:
            return True
    return False


SHARPER = (
    "clipping.clip_behind", "covering.networks_of_the_class", "independence.variances_add",
    "class_nets.net_of_a_class", "nets.grid_of_an_interval", "neuron_counts.cells_for_neurons",
    "oracle.trivial_predictor", "rates.growing_box", "ratio_networks.quotient", "sums.exp_of_sum",
)  # fmt: skip
"""Theorems of which a tenth less is false."""


@pytest.mark.parametrize("name", SHARPER)
def test_a_bound_that_is_too_small_is_refuted(name):
    theorem = derived(name)
    assert refuted(name, theorem.hyps, sharper(theorem.concl, Fraction(9, 10)))


NUMBERS = {
    "concentration.hoeffding_lemma": (8, 12),
    "concentration.chord_of_exp": (8, 9),
    "losses.second_moment_of_a_loss": (Fraction(16, 3), 2),
    "losses.neighbouring_losses": (4, 2),
    "ratio_density.crossing": (3, 2),
}
"""Numbers of conclusions, and those with which they are false."""


@pytest.mark.parametrize("name", NUMBERS)
def test_another_number_is_refuted(name):
    theorem = derived(name)
    changed = with_number(theorem.concl, *NUMBERS[name])
    assert changed != theorem.concl
    assert refuted(name, theorem.hyps, changed)


NEEDED = {
    "class_nets.size_of_a_net": "u > 0",
    "clipping.clip_is_almost_hard": "c < C",
    "concentration.hoeffding_lemma": "for all x in pi. a <= u(x) and u(x) <= b",
    "covering.place_of_no_parameter": "eta >= 0",
    "division.gap_of_reciprocals": "u <= T",
    "maurey.maurey_on_average": "for all x in pi. f(x) == Mean(phi(theta, x), (theta, nu))",
    "nets.number_of_a_block": "k + 1 <= G",
    "rates.for_every_f2": "m >= 1",
    "ratio.weighted": "for all x in pi. c <= G(x)",
    "sensitivity.value_of_a_neuron": "for all j : Nat. j <= W implies Abs(w(j)) <= Theta",
}
"""Hypotheses without which a theorem is false."""


@pytest.mark.parametrize("name", NEEDED)
def test_a_theorem_without_a_hypothesis_is_refuted(name):
    theorem = derived(name)
    fewer = tuple(h for h in theorem.hyps if repr(h) != NEEDED[name])
    assert len(fewer) == len(theorem.hyps) - 1
    assert refuted(name, fewer, theorem.concl)
