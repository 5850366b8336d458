"""Networks for ratios, for every number of neurons: what the theorems say, that their constants
and their sizes cannot be moved, and exact instances."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from theorem_files import PROOFS, read_as, says, shown

from boundcheck.exact.terms.rational import Q
from boundcheck.theorems.engine.context import StepFailed
from boundcheck.theory.formulas import rates, ratio, shallow
from boundcheck.verification.collect import collect

THEOREMS = {
    "ratio_networks.quotient": (
        {
            "M > 0",
            "c > 0",
            "c <= mass",
            "b >= 0",
            "depth(A) == 1",
            "width(A) <= n",
        },
        (
            "there is N : Network(signrelu). depth(N) == 7 and width(N) <= Max(n, 4) and for "
            "all x : Seq(Real). value(N, 0, x) == (-(b*mass) + signrelu(M*(value(A, 1, x) - "
            "(-(b*mass))))/M - signrelu(M*(value(A, 1, x) - b*mass))/M)/(c + "
            "signrelu(M*(value(A, 0, x) - c))/M - signrelu(M*(value(A, 0, x) - mass))/M)"
        ),
    ),
    "ratio_networks.clipped_quotient": (
        {
            "M > 0",
            "c > 0",
            "c <= mass",
            "b >= 0",
            "depth(A) == 1",
            "width(A) <= n",
        },
        (
            "there is N : Network(signrelu). depth(N) == 7 and width(N) <= Max(n, 4) and for "
            "all x : Seq(Real). value(N, 0, x) == -b + signrelu(M*((-(b*mass) + "
            "signrelu(M*(value(A, 1, x) - (-(b*mass))))/M - signrelu(M*(value(A, 1, x) - "
            "b*mass))/M)/(c + signrelu(M*(value(A, 0, x) - c))/M - signrelu(M*(value(A, 0, x) "
            "- mass))/M) - (-b)))/M - signrelu(M*((-(b*mass) + signrelu(M*(value(A, 1, x) - "
            "(-(b*mass))))/M - signrelu(M*(value(A, 1, x) - b*mass))/M)/(c + "
            "signrelu(M*(value(A, 0, x) - c))/M - signrelu(M*(value(A, 0, x) - mass))/M) - "
            "b))/M"
        ),
    ),
    "ratio_networks.network_for_a_ratio": (
        {
            (
                "there is A : Network(signrelu). depth(A) == 1 and width(A) <= n and "
                "Norm(f2(x) - value(A, 0, x), p, (x, Omega)) <= approximation and Norm(f1(x) - "
                "value(A, 1, x), p, (x, Omega)) <= b*approximation"
            ),
            "M > 0",
            "c > 0",
            "c <= mass",
            "b >= 0",
            "for all x in Omega. f2(x) >= c",
            "p >= 1",
            "for all x in Omega. Abs(f1(x)) <= b*f2(x)",
            "for all x in Omega. f2(x) <= mass",
        },
        (
            "there is N : Network(signrelu). depth(N) == 7 and width(N) <= n + 9 and "
            "Norm(f1(x)/f2(x) - value(N, 0, x), p, (x, Omega)) <= (2*b*approximation + (1 + "
            "b)/M)/c"
        ),
    ),
    "ratio_networks.uniform_squared_network": (
        {
            (
                "there is A : Network(signrelu). depth(A) == 1 and width(A) <= n and "
                "Norm(f2(x) - value(A, 0, x), 2, (x, Omega)) <= l2_sharp + 3*V/M and "
                "Norm(f1(x) - value(A, 1, x), 2, (x, Omega)) <= b*(l2_sharp + 3*V/M)"
            ),
            "M > 0",
            "c > 0",
            "c <= mass",
            "b >= 0",
            "for all x in Omega. Abs(f1(x)) <= b*f2(x)",
            "for all x in Omega. f2(x) <= mass",
            "d >= 1",
            "R > 0",
            "sigma > 0",
            "for all x in Omega. f2(x) >= c",
        },
        (
            "there is N : Network(signrelu). depth(N) == 7 and width(N) <= n + 9 and "
            "(2*pi*sigma**2)**(-d/2)*(2*R)**d*Mean(f2(x)*(f1(x)/f2(x) - value(N, 0, x))**2, "
            "(x, Omega)) <= mass*(2*R**2/(pi*sigma**2))**(d/2)*((2*b*(l2_sharp + 3*V/M) + (1 + "
            "b)/M)/c)**2"
        ),
    ),
    "ratio_networks.weighted_network": (
        {
            (
                "there is A : Network(signrelu). depth(A) == 1 and width(A) <= n and "
                "Norm(f2(x) - value(A, 0, x), 2, (x, Omega)) <= l2_sharp + 3*V/M and "
                "Norm(f1(x) - value(A, 1, x), 2, (x, Omega)) <= b*(l2_sharp + 3*V/M)"
            ),
            "M > 0",
            "c > 0",
            "c <= mass",
            "b >= 0",
            "for all x in Omega. Abs(f1(x)) <= b*f2(x)",
            "for all x in Omega. f2(x) <= mass",
            "d >= 1",
            "R > 0",
            "sigma > 0",
            "(2*pi*sigma**2)**(-d/2)*(2*R)**d*Mean(f2(x), (x, Omega)) <= mass",
            "for all x in Omega. f2(x) >= c",
        },
        (
            "there is N : Network(signrelu). depth(N) == 7 and width(N) <= n + 9 and "
            "(2*pi*sigma**2)**(-d/2)*(2*R)**d*Mean(f2(x)*(f1(x)/f2(x) - value(N, 0, x))**2, "
            "(x, Omega)) <= (sqrt((2*R**2/(pi*sigma**2))**(d/2)/c)*(2*b*(l2_sharp + 3*V/M) + "
            "(1 + b)/M) + sqrt(mass)/M)**2"
        ),
    ),
    "ratio_networks.positivity_free_network": (
        {
            (
                "there is A : Network(signrelu). depth(A) == 1 and width(A) <= n and "
                "Norm(f2(x) - value(A, 0, x), 2, (x, Omega)) <= l2_sharp + 3*V/M and "
                "Norm(f1(x) - value(A, 1, x), 2, (x, Omega)) <= b*(l2_sharp + 3*V/M)"
            ),
            "M > 0",
            "c > 0",
            "c <= mass",
            "b >= 0",
            "for all x in Omega. f2(x) > 0",
            "for all x in Omega. Abs(f1(x)) <= b*f2(x)",
            "for all x in Omega. f2(x) <= mass",
            "d >= 1",
            "R > 0",
            "sigma > 0",
            "(2*pi*sigma**2)**(-d/2)*(2*R)**d*Mean(f2(x), (x, Omega)) <= mass",
        },
        (
            "there is N : Network(signrelu). depth(N) == 7 and width(N) <= n + 9 and "
            "(2*pi*sigma**2)**(-d/2)*(2*R)**d*Mean(f2(x)*(f1(x)/f2(x) - value(N, 0, x))**2, "
            "(x, Omega)) <= (sqrt(2*b*(2*R**2/(pi*sigma**2))**(d/2)*(2*b*(l2_sharp + 3*V/M) + "
            "(1 + b)/M + b*c)) + sqrt(mass)/M)**2"
        ),
    ),
    "ratio_networks.smallest_network": (
        {
            (
                "there is A : Network(signrelu). depth(A) == 1 and width(A) <= n and "
                "Norm(f2(x) - value(A, 0, x), 2, (x, Omega)) <= l2_sharp + 3*V/M and "
                "Norm(f1(x) - value(A, 1, x), 2, (x, Omega)) <= b*(l2_sharp + 3*V/M)"
            ),
            "M > 0",
            "c > 0",
            "c <= mass",
            "b >= 0",
            "for all x in Omega. Abs(f1(x)) <= b*f2(x)",
            "for all x in Omega. f2(x) <= mass",
            "d >= 1",
            "R > 0",
            "sigma > 0",
            "for all x in Omega. f2(x) >= c",
            "(2*pi*sigma**2)**(-d/2)*(2*R)**d*Mean(f2(x), (x, Omega)) <= mass",
        },
        (
            "there is N : Network(signrelu). depth(N) == 7 and width(N) <= n + 9 and "
            "(2*pi*sigma**2)**(-d/2)*(2*R)**d*Mean(f2(x)*(f1(x)/f2(x) - value(N, 0, x))**2, "
            "(x, Omega)) <= Min(mass*(2*R**2/(pi*sigma**2))**(d/2)*((2*b*(l2_sharp + 3*V/M) + "
            "(1 + b)/M)/c)**2, (sqrt((2*R**2/(pi*sigma**2))**(d/2)/c)*(2*b*(l2_sharp + 3*V/M) "
            "+ (1 + b)/M) + sqrt(mass)/M)**2, "
            "(sqrt(2*b*(2*R**2/(pi*sigma**2))**(d/2)*(2*b*(l2_sharp + 3*V/M) + (1 + b)/M + "
            "b*c)) + sqrt(mass)/M)**2)"
        ),
    ),
    "neuron_counts.natural_powers": (
        {
            "x > 0",
        },
        "for all d : Nat. x^d == x**d",
    ),
    "neuron_counts.powers_grow": (
        {
            "k >= 1",
        },
        (
            "for all d : Nat. d >= 1 implies (k + 1)**d <= 2**d*k**d and (k + 2)**d <= "
            "3**d*k**d and k <= k**d"
        ),
    ),
    "neuron_counts.neurons_grow": (
        {
            "k >= 1",
        },
        (
            "for all d : Nat. d >= 1 implies 2 + 2*d*(k + 2)**d + 2*(4*d*(k + 1)**d) <= (2 + "
            "2*d*3**d + 2*(4*d*2**d))*k**d"
        ),
    ),
    "neuron_counts.cells": (
        {
            "n >= 2 + 2*d*2**d + 2*(4*d*1**d)",
            "d >= 1",
        },
        (
            "there is k : Nat. k >= 1 and 2 + 2*d*(k + 1)**d + 2*(4*d*k**d) <= n and n <= (2 + "
            "2*d*3**d + 2*(4*d*2**d))*k^d"
        ),
    ),
    "neuron_counts.cells_for_neurons": (
        {
            "n >= 2 + 2*d*2**d + 2*(4*d*1**d)",
            "d >= 1",
        },
        (
            "there is k : Nat. k >= 1 and 2 + 2*d*(k + 1)**d + 2*(4*d*k**d) <= n and k**(-((d "
            "+ 3)/2)) <= (2 + 2*d*3**d + 2*(4*d*2**d))**((d + 3)/(2*d))*n**(-(1/2 + 3/(2*d)))"
        ),
    ),
    "neuron_counts.khintchine_in_neurons": (
        {
            "n >= 2 + 2*d*2**d + 2*(4*d*1**d)",
            "d >= 1",
            "R > 0",
            "V >= 0",
            "p > 2",
        },
        (
            "there is k : Nat. k >= 1 and 2 + 2*d*(k + 1)**d + 2*(4*d*k**d) <= n and "
            "2*(sqrt(2)*(gamma((p + 1)/2)/sqrt(pi))**(1/p))*V*(R*(3*d - 2)/k/4)*(R*(3*d - "
            "2)/k/(2*R))**(1/p)/sqrt(2*d*k**d) <= 2*(sqrt(2)*(gamma((p + "
            "1)/2)/sqrt(pi))**(1/p))*V*(R*(3*d - 2)/4)*(R*(3*d - 2)/(2*R))**(1/p)/sqrt(2*d)*(2 "
            "+ 2*d*3**d + 2*(4*d*2**d))**(1/2 + (1 + 1/p)/d)*n**(-(1/2 + (1 + 1/p)/d))"
        ),
    ),
    "ratio_rates.rate_with_m_in_a_sum": (
        {
            "d >= 1",
            (
                "for all k : Nat. k >= 1 implies there is A : Network(signrelu). depth(A) == 1 "
                "and width(A) <= 2 + 2*d*(k + 1)**d + 2*(4*d*k**d) and Norm(f2(x) - value(A, "
                "0, x), p, (x, Omega)) <= ((d**2 + 4*(d - 1)/3)**2 + 64*(d - "
                "1)/45)**(3/8)/(8*sqrt(3*d))*V*R*k**(-((d + 3)/2)) + 3*V/M and Norm(f1(x) - "
                "value(A, 1, x), p, (x, Omega)) <= b*(((d**2 + 4*(d - 1)/3)**2 + 64*(d - "
                "1)/45)**(3/8)/(8*sqrt(3*d))*V*R*k**(-((d + 3)/2)) + 3*V/M)"
            ),
            "M > 0",
            "c > 0",
            "c <= mass",
            "b >= 0",
            "for all x in Omega. f2(x) >= c",
            "p >= 1",
            "for all x in Omega. Abs(f1(x)) <= b*f2(x)",
            "for all x in Omega. f2(x) <= mass",
            "V >= 0",
            "R > 0",
        },
        (
            "for all n : Nat. n >= 2 + 2*d*2**d + 2*(4*d*1**d) implies there is N : "
            "Network(signrelu). depth(N) == 7 and width(N) <= n + 9 and Norm(f1(x)/f2(x) - "
            "value(N, 0, x), p, (x, Omega)) <= 2*b*(((d**2 + 4*(d - 1)/3)**2 + 64*(d - "
            "1)/45)**(3/8)/(8*sqrt(3*d)))*V*R*(2 + 2*d*3**d + 2*(4*d*2**d))**((d + "
            "3)/(2*d))/c*n**(-(1/2 + 3/(2*d))) + (1 + b + 6*b*V)/c/M"
        ),
    ),
    "ratio_rates.rate_above_two": (
        {
            "d >= 1",
            (
                "for all k : Nat. k >= 1 implies there is A : Network(signrelu). depth(A) == 1 "
                "and width(A) <= 2 + 2*d*(k + 1)**d + 2*(4*d*k**d) and Norm(f2(x) - value(A, "
                "0, x), p, (x, Omega)) <= (p*2**(p/2)*gamma(p/2))**(1/p)*(R*sqrt(d**2 + 4*d - "
                "4)/4)*sqrt(V*(2*mass*gamma(d/2 + 1)/(pi**(d/2)*sigma**2))*R*(2*d - "
                "1)*2**d)*k**(-((d + 3)/2)) + 3*V/M and Norm(f1(x) - value(A, 1, x), p, (x, "
                "Omega)) <= b*((p*2**(p/2)*gamma(p/2))**(1/p)*(R*sqrt(d**2 + 4*d - "
                "4)/4)*sqrt(V*(2*mass*gamma(d/2 + 1)/(pi**(d/2)*sigma**2))*R*(2*d - "
                "1)*2**d)*k**(-((d + 3)/2)) + 3*V/M)"
            ),
            "M > 0",
            "c > 0",
            "c <= mass",
            "b >= 0",
            "for all x in Omega. f2(x) >= c",
            "for all x in Omega. Abs(f1(x)) <= b*f2(x)",
            "for all x in Omega. f2(x) <= mass",
            "p > 2",
            "V >= 0",
            "R > 0",
            "sigma > 0",
            "mass > 0",
        },
        (
            "for all n : Nat. n >= 2 + 2*d*2**d + 2*(4*d*1**d) implies there is N : "
            "Network(signrelu). depth(N) == 7 and width(N) <= n + 9 and Norm(f1(x)/f2(x) - "
            "value(N, 0, x), p, (x, Omega)) <= "
            "2*b*((p*2**(p/2)*gamma(p/2))**(1/p)*(R*sqrt(d**2 + 4*d - "
            "4)/4)*sqrt(V*(2*mass*gamma(d/2 + 1)/(pi**(d/2)*sigma**2))*R*(2*d - 1)*2**d))*(2 + "
            "2*d*3**d + 2*(4*d*2**d))**((d + 3)/(2*d))/c*n**(-(1/2 + 3/(2*d))) + (1 + b + "
            "6*b*V)/c/M"
        ),
    ),
    "ratio_rates.risk_where_f2_is_positive": (
        {
            "d >= 1",
            (
                "for all M : Real. M > 0 implies for all k : Nat. k >= 1 implies there is A : "
                "Network(signrelu). depth(A) == 1 and width(A) <= 2 + 2*d*(k + 1)**d + "
                "2*(4*d*k**d) and Norm(f2(x) - value(A, 0, x), 2, (x, Omega)) <= ((d**2 + 4*(d "
                "- 1)/3)**2 + 64*(d - 1)/45)**(3/8)/(8*sqrt(3*d))*V*R*k**(-((d + 3)/2)) + "
                "3*V/M and Norm(f1(x) - value(A, 1, x), 2, (x, Omega)) <= b*(((d**2 + 4*(d - "
                "1)/3)**2 + 64*(d - 1)/45)**(3/8)/(8*sqrt(3*d))*V*R*k**(-((d + 3)/2)) + 3*V/M)"
            ),
            "c > 0",
            "c <= mass",
            "b >= 0",
            "for all x in Omega. Abs(f1(x)) <= b*f2(x)",
            "for all x in Omega. f2(x) <= mass",
            "R > 0",
            "sigma > 0",
            "for all x in Omega. f2(x) >= c",
            "(2*pi*sigma**2)**(-d/2)*(2*R)**d*Mean(f2(x), (x, Omega)) <= mass",
            "V >= 0",
        },
        (
            "for all n : Nat. n >= 2 + 2*d*2**d + 2*(4*d*1**d) implies there is N : "
            "Network(signrelu). depth(N) == 7 and width(N) <= n + 9 and "
            "(2*pi*sigma**2)**(-d/2)*(2*R)**d*Mean(f2(x)*(f1(x)/f2(x) - value(N, 0, x))**2, "
            "(x, Omega)) <= (sqrt((2*R**2/(pi*sigma**2))**(d/2)/c)*(2*b*(((d**2 + 4*(d - "
            "1)/3)**2 + 64*(d - 1)/45)**(3/8)/(8*sqrt(3*d))*V*R*(2 + 2*d*3**d + "
            "2*(4*d*2**d))**((d + 3)/(2*d)) + 3*V) + 1 + b) + sqrt(mass))**2*n**(-(1 + 3/d))"
        ),
    ),
    "ratio_rates.risk_for_every_f2": (
        {
            "d >= 1",
            (
                "for all M : Real. M > 0 implies for all k : Nat. k >= 1 implies there is A : "
                "Network(signrelu). depth(A) == 1 and width(A) <= 2 + 2*d*(k + 1)**d + "
                "2*(4*d*k**d) and Norm(f2(x) - value(A, 0, x), 2, (x, Omega)) <= ((d**2 + 4*(d "
                "- 1)/3)**2 + 64*(d - 1)/45)**(3/8)/(8*sqrt(3*d))*V*R*k**(-((d + 3)/2)) + "
                "3*V/M and Norm(f1(x) - value(A, 1, x), 2, (x, Omega)) <= b*(((d**2 + 4*(d - "
                "1)/3)**2 + 64*(d - 1)/45)**(3/8)/(8*sqrt(3*d))*V*R*k**(-((d + 3)/2)) + 3*V/M)"
            ),
            "b >= 0",
            "for all x in Omega. f2(x) > 0",
            "for all x in Omega. Abs(f1(x)) <= b*f2(x)",
            "for all x in Omega. f2(x) <= mass",
            "R > 0",
            "sigma > 0",
            "mass > 0",
            "(2*pi*sigma**2)**(-d/2)*(2*R)**d*Mean(f2(x), (x, Omega)) <= mass",
            "V >= 0",
        },
        (
            "for all n : Nat. n >= 2 + 2*d*2**d + 2*(4*d*1**d) implies there is N : "
            "Network(signrelu). depth(N) == 7 and width(N) <= n + 9 and "
            "(2*pi*sigma**2)**(-d/2)*(2*R)**d*Mean(f2(x)*(f1(x)/f2(x) - value(N, 0, x))**2, "
            "(x, Omega)) <= (sqrt(2*b*(2*R**2/(pi*sigma**2))**(d/2)*(2*b*(((d**2 + 4*(d - "
            "1)/3)**2 + 64*(d - 1)/45)**(3/8)/(8*sqrt(3*d))*V*R*(2 + 2*d*3**d + "
            "2*(4*d*2**d))**((d + 3)/(2*d)) + 3*V) + 1 + b + b*mass)) + "
            "sqrt(mass))**2*n**(-(1/2 + 3/(2*d)))"
        ),
    ),
    "ratio_rates.rate_with_m_the_lower_bound": (
        {
            "d >= 1",
            "M > 0",
            "M <= mass",
            "for all x in Omega. f2(x) >= M",
            "p >= 1",
            "for all x in Omega. Abs(f1(x)) <= b*f2(x)",
            "for all x in Omega. f2(x) <= mass",
            "R > 0",
            "b > 0",
            "V > 0",
            (
                "for all S : Real. S > 0 implies for all k : Nat. k >= 1 implies there is A : "
                "Network(signrelu). depth(A) == 1 and width(A) <= 2 + 2*d*(k + 1)**d + "
                "2*(4*d*k**d) and Norm(f2(x) - value(A, 0, x), p, (x, Omega)) <= ((d**2 + 4*(d "
                "- 1)/3)**2 + 64*(d - 1)/45)**(3/8)/(8*sqrt(3*d))*V*R*k**(-((d + 3)/2)) + "
                "3*V/S and Norm(f1(x) - value(A, 1, x), p, (x, Omega)) <= b*(((d**2 + 4*(d - "
                "1)/3)**2 + 64*(d - 1)/45)**(3/8)/(8*sqrt(3*d))*V*R*k**(-((d + 3)/2)) + 3*V/S)"
            ),
        },
        (
            "for all n : Nat. n >= 2 + 2*d*2**d + 2*(4*d*1**d) implies there is N : "
            "Network(signrelu). depth(N) == 7 and width(N) <= n + 9 and Norm(f1(x)/f2(x) - "
            "value(N, 0, x), p, (x, Omega)) <= 2*(2*b*(((d**2 + 4*(d - 1)/3)**2 + 64*(d - "
            "1)/45)**(3/8)/(8*sqrt(3*d)))*V*R*(2 + 2*d*3**d + 2*(4*d*2**d))**((d + "
            "3)/(2*d)))*n**(-(1/2 + 3/(2*d)))/M"
        ),
    ),
    "ratio_rates.rate_above_two_with_m_the_lower_bound": (
        {
            "d >= 1",
            "M > 0",
            "M <= mass",
            "for all x in Omega. f2(x) >= M",
            "for all x in Omega. Abs(f1(x)) <= b*f2(x)",
            "for all x in Omega. f2(x) <= mass",
            "p > 2",
            "R > 0",
            "sigma > 0",
            "mass > 0",
            "V > 0",
            "b > 0",
            (
                "for all S : Real. S > 0 implies for all k : Nat. k >= 1 implies there is A : "
                "Network(signrelu). depth(A) == 1 and width(A) <= 2 + 2*d*(k + 1)**d + "
                "2*(4*d*k**d) and Norm(f2(x) - value(A, 0, x), p, (x, Omega)) <= "
                "(p*2**(p/2)*gamma(p/2))**(1/p)*(R*sqrt(d**2 + 4*d - "
                "4)/4)*sqrt(V*(2*mass*gamma(d/2 + 1)/(pi**(d/2)*sigma**2))*R*(2*d - "
                "1)*2**d)*k**(-((d + 3)/2)) + 3*V/S and Norm(f1(x) - value(A, 1, x), p, (x, "
                "Omega)) <= b*((p*2**(p/2)*gamma(p/2))**(1/p)*(R*sqrt(d**2 + 4*d - "
                "4)/4)*sqrt(V*(2*mass*gamma(d/2 + 1)/(pi**(d/2)*sigma**2))*R*(2*d - "
                "1)*2**d)*k**(-((d + 3)/2)) + 3*V/S)"
            ),
        },
        (
            "for all n : Nat. n >= 2 + 2*d*2**d + 2*(4*d*1**d) implies there is N : "
            "Network(signrelu). depth(N) == 7 and width(N) <= n + 9 and Norm(f1(x)/f2(x) - "
            "value(N, 0, x), p, (x, Omega)) <= "
            "2*(2*b*((p*2**(p/2)*gamma(p/2))**(1/p)*(R*sqrt(d**2 + 4*d - "
            "4)/4)*sqrt(V*(2*mass*gamma(d/2 + 1)/(pi**(d/2)*sigma**2))*R*(2*d - 1)*2**d))*(2 + "
            "2*d*3**d + 2*(4*d*2**d))**((d + 3)/(2*d)))*n**(-(1/2 + 3/(2*d)))/M"
        ),
    ),
}


@pytest.mark.parametrize("name", list(THEOREMS))
def test_it_says(name):
    assert says(name) == THEOREMS[name]


def test_reading_b_rests_on_one_axiom():
    found = shown("ratio_rates.no_rate_with_m_the_weight_scale")
    ((axiom, reference),) = found.axioms
    assert "not checked by machine" in reference
    assert axiom.endswith(
        "for all l, w : Nat. there is e : Real. e > 0 and for all N : Network(signrelu). "
        "depth(N) <= l implies width(N) <= w implies Norm(1/(1 + exp(-x(0))) - value(N, 0, x), 1, "
        "(x, pi)) >= e"
    )
    assert set(found.hypotheses) == {
        "p >= 1",
        (
            "for all x in Omega. x(0) >= -1 and x(0) <= 1 and for all i : Nat. i >= 1 implies "
            "x(i) == 0"
        ),
        (
            "for all a, b : Real. a >= -1 implies a <= b implies b <= 1 implies "
            "Prob(a <= x(0) and x(0) <= b, (x, Omega)) == (b - a)/2"
        ),
    }
    assert found.conclusion.endswith("<= K*(1/n**2)/M) implies 0 >= 1)")


def test_the_hypotheses_can_hold():
    assert shown("ratio_rates.constant_marginals").hypotheses == ("d >= 1",)


# -- nothing smaller -------------------------------------------------------------------------------


def changed(folder, stem, name, old, new):
    """A theorem of a file in which a piece of text is replaced."""
    for p in PROOFS.rglob("*.py"):
        (folder / p.name).symlink_to(p)
    text = next(PROOFS.rglob(f"{stem}.py")).read_text()
    assert text.count(old) == 1, (old, text.count(old))
    path = folder / f"changed_{stem}.py"
    path.write_text(text.replace(old, new))
    (claim,) = [c for c in collect([path]).claims if c.id == f"changed_{stem}.{name}"]
    (statement,) = claim.statements()
    return statement.derive(2)


@pytest.mark.parametrize(
    ("name", "old", "new"),
    [
        ("quotient", "t.show(depth(P).eq(7)", "t.show(depth(P).eq(6)"),
        ("quotient", "t.show(width(P) <= Max(n, 4)", "t.show(width(P) <= Max(n, 3)"),
        ("clipped_quotient", "5 - len(blocks)", "4 - len(blocks)"),
        ("network_for_a_ratio", "width(self.N) <= self.n + 9", "width(self.N) <= self.n + 3"),
    ],
)
def test_smaller_networks_are_not_shown(tmp_path, name, old, new):
    with pytest.raises(StepFailed):
        changed(tmp_path, "ratio_networks", name, old, new)


LESS, MORE = Q(99, 100), Q(101, 100)
STRONGER = [
    ("ratio_networks.network_for_a_ratio", ratio.UNIFORM, LESS),
    ("ratio_networks.network_for_a_ratio", ratio.ERROR, LESS),
    ("ratio_networks.uniform_squared_network", ratio.UNIFORM_SQUARED, LESS),
    ("ratio_networks.weighted_network", ratio.WEIGHTED, LESS),
    ("ratio_networks.weighted_network", ratio.ERROR_L2, LESS),
    ("ratio_networks.positivity_free_network", ratio.POSITIVITY_FREE, LESS),
    ("ratio_networks.smallest_network", ratio.SMALLEST, LESS),
    ("neuron_counts.neurons_grow", ratio.GROWTH, LESS),
    ("neuron_counts.neurons_grow", ratio.NEURONS, MORE),
    ("neuron_counts.cells", ratio.N_0, LESS),
    ("neuron_counts.cells_for_neurons", ratio.OF_K_TO_N, LESS),
    ("neuron_counts.cells_for_neurons", ratio.RATE, LESS),
    ("neuron_counts.khintchine_in_neurons", shallow.KHINTCHINE, MORE),
    ("neuron_counts.khintchine_in_neurons", rates.LP_KHINTCHINE, MORE),
    ("ratio_rates.rate_with_m_in_a_sum", ratio.C_UP_TO_2, LESS),
    ("ratio_rates.rate_with_m_in_a_sum", ratio.C_PRIME, LESS),
    ("ratio_rates.rate_with_m_in_a_sum", ratio.BOUND_AT_N, LESS),
    ("ratio_rates.rate_with_m_in_a_sum", ratio.APPROXIMATION, MORE),
    ("ratio_rates.rate_above_two", ratio.C_ABOVE_2, LESS),
    ("ratio_rates.rate_with_m_the_lower_bound", ratio.A_UP_TO_2, LESS),
    ("ratio_rates.rate_with_m_the_lower_bound", ratio.BY_LOWER_BOUND, LESS),
    ("ratio_rates.risk_where_f2_is_positive", rates.RATES["weighted"].approximation, MORE),
    ("ratio_rates.risk_for_every_f2", rates.RATES["positivity_free"].approximation, MORE),
]


@pytest.mark.parametrize(("name", "formula", "factor"), STRONGER)
def test_stronger_constants_of_the_theory_are_not_shown(name, formula, factor):
    assert read_as(name, formula, factor * formula, 2)


@pytest.mark.parametrize(
    ("name", "formula", "factor"),
    [
        ("neuron_counts.neurons_grow", ratio.GROWTH, MORE),
        ("neuron_counts.cells", ratio.N_0, MORE),
        ("ratio_rates.rate_with_m_in_a_sum", ratio.APPROXIMATION, 1),
    ],
)
def test_weaker_constants_of_the_theory_are_shown(name, formula, factor):
    assert not read_as(name, formula, factor * formula)


# -- exact instances -------------------------------------------------------------------------------


def neurons(k, d):
    return 2 + 2 * d * (k + 1) ** d + 8 * d * k**d


@given(d=st.integers(1, 5), more=st.integers(0, 10**6))
def test_the_largest_number_of_cells(d, more):
    """For the largest k with N_2(k) <= n both inequalities, in whole numbers."""
    n, k = neurons(1, d) + more, 1
    while neurons(k + 1, d) <= n:
        k += 1
    growth = neurons(2, d)
    assert n <= growth * k**d
    assert n ** (d + 3) <= growth ** (d + 3) * k ** (d * (d + 3))  # k^-(d+3)/2 <= ...
