"""The schedule of the published table, counted against the paper's own words."""

from vae_lessons.schedules import burda


def test_eight_stages_of_growing_length():
    step_size = burda(0.001)
    sizes = [step_size(epoch) for epoch in range(3280)]
    stages = sorted(set(sizes), reverse=True)
    assert [sizes.count(size) for size in stages] == [1, 3, 9, 27, 81, 243, 729, 2187]
    assert sum(sizes.count(size) for size in stages) == 3280
    assert all(abs(size - 0.001 * 10 ** (-i / 7)) < 1e-12 for i, size in enumerate(stages))
    assert abs(stages[-1] - 1e-4) < 1e-12
    assert step_size(5000) == stages[-1]
