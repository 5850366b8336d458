"""The table of the positivity constant along the steps, against mpmath."""

from excess_again import linear_alpha_bars, real
from mpmath import mp, mpf

from boundcheck.report.tables.registry import table


def test_the_table_of_positivity():
    found = table("positivity", ["t=2;40;100,T=100,beta_1=0.001,beta_T=0.3,m=10**8"])
    with mp.workdps(60):
        shares = linear_alpha_bars(100, "0.001", "0.3")
        for row in found.rows:
            t, share, R, c = row[0], row[1], mpf(row[2]), row[3]
            assert real(share.lower) <= shares[t - 1] <= real(share.upper)
            exponent = (R + mp.sqrt(shares[t - 1])) ** 2 / (2 * (1 - shares[t - 1]))
            assert abs(mp.log(real(c.upper)) + exponent) < 0.002 * exponent + 0.001
    assert (
        float(found.rows[0][6])
        < float(found.rows[0][7])
        < float(found.rows[0][5])
        < float(found.rows[0][4])
    )
    assert float(found.rows[-1][5]) < float(found.rows[-1][6])
    schedule = {
        "schedule": "linear",
        "T": "100",
        "beta_1": "0.001",
        "beta_T": "0.3",
        "variance": "posterior",
    }
    assert schedule.items() <= found.parameters.items()
