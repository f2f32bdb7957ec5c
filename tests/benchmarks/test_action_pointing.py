"""The measure of pointing: its tasks, and that it counts what is settled rightly and wrongly."""

from collections import Counter

from benchmarks.actions.pointing import item_tasks, measure, order_tasks


def test_its_tasks_are_the_same_each_time():
    """Items in both languages, some with nothing to point at; orders drawn by a seed."""
    items, orders = [*item_tasks()], [*order_tasks()]

    assert 4 == len({task.kind for task in items})
    assert {None, 0, 1, 2} == {task.means for task in items}
    assert orders == [*order_tasks()]


def test_who_always_points_at_the_first_is_right_by_chance():
    """And wrong otherwise; who points at nothing is neither."""
    tasks = [*item_tasks(), *order_tasks()]
    first = measure(tasks, lambda _, __: 0)
    nowhere = measure(tasks, lambda _, __: None)

    assert Counter(task.kind for task in tasks) == {
        kind: found["right"] + found["wrong"] for kind, found in first.items()
    }
    assert all((found["right"], found["wrong"]) == (0, 0) for found in nowhere.values())
