"""What is cited, and not proved here: textbook facts, named inequalities, and
what the literature adds.

Claims that need one of them say so with `uses`, so that `boundcheck axioms` lists it.
"""

from boundcheck import cited, claim

BOOKS = "textbooks of calculus, integration and probability"
INEQUALITIES = "the papers named"


@claim(source=BOOKS, label="C")
def calculus():
    """An integral is the difference of a primitive at its ends."""
    yield cited(
        "the integral of a continuous derivative is the difference of the function at the ends",
        "the fundamental theorem of calculus",
    )


@claim(source=BOOKS, label="C")
def norms():
    """What norms of L^p are."""
    yield cited(
        "the L^p norm is monotone and satisfies the triangle inequality", "Minkowski's inequality"
    )
    yield cited("over a probability the L^p norm grows with p", "Jensen's inequality")


@claim(source=BOOKS, label="C")
def expectation():
    """Expectations are linear and monotone, and can be exchanged."""
    yield cited(
        "expectations are linear and monotone, so some value is at most the expectation",
        "Lebesgue's integral",
    )
    yield cited("absolutely convergent integrals can be exchanged", "Fubini's theorem")


@claim(source=BOOKS, label="C")
def layer_cake():
    """An expectation is the integral of the tail."""
    yield cited("E X = ∫_0^∞ P(X > t) dt for X >= 0", "Tonelli's theorem")


@claim(source=BOOKS, label="C")
def parameter_integrals():
    """Derivatives of an integral with a parameter."""
    yield cited(
        "integrals with a parameter can be differentiated inside, where this is dominated",
        "Lebesgue's theorem",
    )


@claim(source=BOOKS, label="C")
def surface_of_the_cube():
    """Polar coordinates with the surface of the cube in place of the sphere."""
    yield cited(
        "∫ g(ω) dω = ∫∫ g(rv) r^(d-1) dr dS(v), v on the surface of the cube [-1, 1]^d",
        "change of variables (r, y) -> (r, ry) on each face",
    )
    yield cited(
        "∫ |v|_2^-d g(v/|v|_2) dS(v) over the surface of the cube is ∫ g(θ) dθ over "
        "the unit sphere",
        "change of variables; the area of a face seen from the centre",
    )


@claim(source=BOOKS, label="C")
def normal_distribution():
    """The characteristic function of a normal variable."""
    yield cited(
        "E cos(ω·x) = exp(-|x|²/(2σ²)) for ω with independent normal coordinates of mean 0 and "
        "variance 1/σ²",
        "characteristic function of the normal distribution",
    )


@claim(source="the Digital Library of Mathematical Functions", label="C")
def gamma_integral():
    """Euler's integral."""
    yield cited("∫_0^∞ y^(z-1) exp(-y) dy = Γ(z) for z > 0", "https://dlmf.nist.gov/5.2.E1")


@claim(source="the Digital Library of Mathematical Functions", label="C")
def kummer():
    """Kummer's equation."""
    yield cited(
        "an analytic solution of Kummer's equation is a multiple of ₁F₁",
        "https://dlmf.nist.gov/13.2",
    )


@claim(source=INEQUALITIES, label="C")
def symmetrisation():
    """Random signs cost a factor 2."""
    yield cited(
        "E|Σ(X_i - EX_i)|^p <= 2^p E|Σ ε_i X_i|^p for independent X_i, random signs ε_i and p >= 1",
        "Ledoux and Talagrand, Probability in Banach Spaces, 1991, section 6.1",
    )


@claim(source=INEQUALITIES, label="C")
def khintchine():
    """Khintchine's inequality with the best constant."""
    yield cited(
        "E|Σ ε_i a_i|^p <= B_p^p (Σ a_i²)^(p/2) for p >= 2, B_p = √2 (Γ((p+1)/2)/√π)^(1/p)",
        "Haagerup, The best constants in the Khintchine inequality, Studia Math. 70, 1981",
    )


@claim(source="the papers named; nothing here rests on them", label="C")
def uniform_norm_and_optimality():
    """The exponent 1/2 + 3/(2d) holds for p = ∞ too and is the best for the class;
    neither paper gives a constant."""
    yield cited(
        "ReLU networks approximate their variation space in the uniform norm at the rate "
        "n^(-1/2-3/(2d))",
        "Siegel, Optimal approximation of zonoids and uniform approximation by shallow neural "
        "networks, 2023",
    )
    yield cited(
        "over the whole ReLU variation space (not for Gaussian marginals alone) no exponent above "
        "1/2 + 3/(2d) holds",
        "Siegel and Xu, Sharp bounds on the approximation rates, metric entropy, and n-widths of "
        "shallow neural networks, 2022",
    )
