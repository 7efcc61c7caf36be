"""The documents' facts, counted as they are printed."""

from portal.strategy import seeds


def lines(nodes):
    for node in nodes:
        yield node
        yield from lines(node.get("children", []))


def side_five(name):
    return next(node for node in seeds.read(name)["nodes"] if node["number"] == "5")


def at_depth(node, depth):
    below = [node]
    for _ in range(depth):
        below = [child for one in below for child in one.get("children", [])]
    return below


def aims(node):
    return [aim for line in lines([node]) for aim in line.get("indicators", [])]


def test_side_five_of_2564_has_5_5_8_10_10():
    side = side_five("bma-phase-2-2564")
    counts = [len(at_depth(side, depth)) for depth in (1, 2, 3)]
    assert counts == [5, 5, 8]
    assert len(aims(side)) == 10
    measures = [measure for aim in aims(side) for measure in aim["measures"]]
    assert len(measures) == 10
    assert not any("budget_satang" in measure or "budget_words" in measure for measure in measures)


def test_a_number_says_where_a_line_stands():
    for name in seeds.TREES:
        for node in lines(seeds.read(name)["nodes"]):
            for child in node.get("children", []):
                if child["number"]:
                    assert child["number"].rpartition(".")[0] == node["number"]


def test_networks_are_aimed_at_for_the_city_and_for_the_districts():
    first = aims(side_five("bma-phase-2-2564"))[0]
    assert [(one["agency"], one["words"]) for one in first["targets"]] == [
        ("ระดับ กทม.", "1 เครือข่าย"),
        ("ระดับ สนข.", "50 เครือข่าย"),
    ]


def test_the_excerpt_of_2563_is_its_own_tree_with_its_own_money():
    side = side_five("bma-phase-2-2563")
    assert [line["number"] for line in lines([side])] == ["5", "5.2", "5.2.1", "5.2.1.1"]
    measures = [measure for aim in aims(side) for measure in aim["measures"]]
    assert [measure.get("budget_satang") for measure in measures] == [
        10_000_000_00,
        4_763_000_00,
        5_000_000_00,
        None,
    ]
    assert measures[3]["budget_words"] == "ไม่ใช้งบประมาณเป็นการเฉพาะ"
    assert [aim["unit"] for aim in aims(side)] == ["ร้อยละ"] * 3
    assert [measure.get("is_flagship", False) for measure in measures] == [True, False, True, True]
    assert not any(aim.get("targets") for aim in aims(side))


def test_one_number_of_two_years_is_two_objectives():
    def objective(name):
        return next(line for line in lines([side_five(name)]) if line["number"] == "5.2.1.1")

    assert objective("bma-phase-2-2563")["title"] != objective("bma-phase-2-2564")["title"]
    assert "continues" not in objective("bma-phase-2-2564")


def test_the_other_branches_are_there_by_name():
    phase_2, phase_3 = seeds.read("bma-phase-2-2564"), seeds.read("bma-phase-3")
    assert [len(node["children"]) for node in phase_2["nodes"]] == [6, 4, 4, 2, 5, 4, 5]
    assert [len(node["children"]) for node in phase_3["nodes"]] == [5, 4, 4, 4, 4, 3, 5]
    assert len(seeds.policy_tags()) == 9
    assert [node["number"] for node in seeds.read("district-1002")["nodes"]] == ["1", "2", "3", "4"]


def test_the_upper_levels_have_english_names():
    for name in seeds.TREES:
        for node in seeds.read(name)["nodes"]:
            assert all(line.get("title_en") for line in (node, *node.get("children", [])))
