"""Just enough linear algebra for a linear model."""

from __future__ import annotations

Vector = list[float]
Matrix = list[Vector]


def dot(a: Vector, b: Vector) -> float:
    return sum(x * y for x, y in zip(a, b))


def gram(rows: Matrix) -> Matrix:
    """Every column times every column."""
    columns = list(map(list, zip(*rows)))
    return [[dot(a, b) for b in columns] for a in columns]


def solve(matrix: Matrix, vector: Vector) -> Vector:
    """The ``x`` with ``matrix · x = vector``, by elimination with pivoting."""
    rows = [[*row, value] for row, value in zip(matrix, vector)]
    size = len(rows)
    for i in range(size):
        pivot = max(range(i, size), key=lambda k: abs(rows[k][i]))
        rows[i], rows[pivot] = rows[pivot], rows[i]
        for k in range(i + 1, size):
            factor = rows[k][i] / rows[i][i]
            rows[k] = [a - factor * b for a, b in zip(rows[k], rows[i])]
    solution = [0.0] * size
    for i in reversed(range(size)):
        known = dot(rows[i][i + 1 : size], solution[i + 1 :])
        solution[i] = (rows[i][size] - known) / rows[i][i]
    return solution
