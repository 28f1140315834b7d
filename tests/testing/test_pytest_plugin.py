"""The pytest plugin, in runs of pytest of its own."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

# What is made of Rust can be imported only once by a process, and runs within this one forget what they import.
import css_inline  # noqa: F401
import pydantic_core  # noqa: F401
import pytest
import selectolax.lexbor  # noqa: F401
from testing.projects import FILES, write_project

import notify.notifier
import notify.testing.goldens
import notify.testing.properties
from notify.testing.cases import cases
from notify.testing.expectations import Expectation, expectation_of

if TYPE_CHECKING:
    from collections.abc import Callable

    Run = Callable[..., pytest.RunResult]

pytest_plugins = "pytester"
SHOP = Path(__file__).parents[2] / "examples/shop"


@pytest.fixture
def run(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Runs pytest with the plugin in a folder with the project."""
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")
    write_project(pytester.path)

    def runs(*arguments: str, **changes: str) -> pytest.RunResult:
        write_project(pytester.path, **changes)
        return pytester.runpytest_inprocess("-p", "notify.testing.plugin", "-p", "no:cacheprovider", *arguments)

    return runs


def test_costs_next_to_nothing() -> None:
    """The plugin alone imports neither the framework nor anything heavy."""
    code = (
        "import sys, pytest; before = set(sys.modules); import notify.testing.plugin; print(*set(sys.modules) - before)"
    )
    result = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)

    imported = {name for name in result.stdout.split() if "." in name or name in {"jinja2", "hypothesis", "notify"}}
    assert {"notify.testing", "notify.testing.plugin", "notify.testing.wanted"} == {
        name for name in imported if name.startswith("notify.")
    }
    assert not {"jinja2", "hypothesis"} & imported


def test_does_nothing_that_is_not_asked_for(run: Run, pytester: pytest.Pytester) -> None:
    """Without an option no notification is collected, and notify.yaml is not read."""
    pytester.makepyfile("def test_ok(): pass")
    result = run(notify__yaml="this is: [no configuration")

    result.assert_outcomes(passed=1)


def test_the_mailbox_is_each_test_s_own(run: Run, pytester: pytest.Pytester) -> None:
    """The fixture captures what a Notifier of the module sends, and the next test begins with none."""
    pytester.makepyfile("""
        from notify import Notifier
        notifier = Notifier.load()
        PARAMS = {"name": "Ada", "link": "https://acme.example/1"}

        def test_one(notify_mailbox):
            notifier.send("shipped", to="ada@example.com", params=PARAMS)
            notify_mailbox.only().assert_text("Hello Ada").assert_link("https://acme.example/1")

        def test_two(notify_mailbox):
            notify_mailbox.assert_empty()
            notifier.send("shipped", to="bob@example.com", params=PARAMS)
            notify_mailbox.to("eve@example.com")
    """)
    result = run()

    result.assert_outcomes(passed=1, failed=1)
    result.stdout.fnmatch_lines(
        ["*expected a message to eve@example.com; there is 1:*", "*to bob@example.com (shipped)*"]
    )


def test_renders(run: Run, pytester: pytest.Pytester) -> None:
    """The fixture renders a sample, or the params of a call, or both; a wrong sample is said."""
    pytester.makepyfile("""
        import pytest
        from notify import ConfigError

        def test_it(notify_render):
            assert notify_render("shipped", "noted").subject == "On its way, Ada"
            assert "ada@example.com" == notify_render("shipped", "noted", to="ada@example.com").to[0].email
            params = {"name": "Bo", "link": "https://acme.example"}
            assert notify_render("shipped", params=params).subject == "On its way, Bo"
            with pytest.raises(ConfigError, match="no sample 'notd' .*noted"):
                notify_render("shipped", "notd")
    """)

    run().assert_outcomes(passed=1)


def test_every_sample_is_an_item(run: Run) -> None:
    """Each has an id by which it can be chosen."""
    run("--notify-samples").assert_outcomes(passed=2)
    run("notify.yaml::shipped[noted-en]", "--notify-samples").assert_outcomes(passed=1)
    run("--notify-samples", "-k", "default").assert_outcomes(passed=1, deselected=1)


def test_the_ini_file_asks_where_no_file_is_named(run: Run, pytester: pytest.Pytester) -> None:
    """With `notify_samples` samples are tested in whole runs, and not in those of one file."""
    pytester.makepyfile("def test_ok(): pass")
    pytester.makeini("[pytest]\nnotify_samples = true\nnotify_golden = true\nnotify_config = notify.yaml\n")

    run().assert_outcomes(passed=4, failed=2)
    run("test_the_ini_file_asks_where_no_file_is_named.py").assert_outcomes(passed=1)


def test_other_projects(run: Run, pytester: pytest.Pytester) -> None:
    """A notify.yaml that is named is tested instead of the project's, and several can be."""
    write_project(pytester.path / "other")
    (pytester.path / "notifications/shipped.yaml").unlink()
    one = pytester.runpytest_inprocess("-p", "notify.testing.plugin", "--notify-samples", "other/notify.yaml")
    both = run("--notify-samples", "--notify-coverage=100", "notify.yaml", "other/notify.yaml")

    one.assert_outcomes(passed=2)
    both.assert_outcomes(passed=4)
    both.stdout.fnmatch_lines(["100.00 % of the templates' arms are reached by samples: 4 of 4"])


def test_what_a_sample_expects(run: Run) -> None:
    """Each expectation that is not met is said with what there is."""
    changed = (
        FILES["notifications/shipped.yaml"]
        .replace("subject: On its way, Ada", "subject: Off")
        .replace("[Ring twice, Track it]", "[Ring thrice]")
        .replace("not_contains: No note", "not_contains: Hello")
        .replace("links: https://acme.example/track/1", "links: [https://x.example]")
    )
    result = run("--notify-samples", notifications__shipped__yaml=changed)

    result.assert_outcomes(passed=1, failed=1)
    result.stdout.fnmatch_lines(
        [
            "*shipped[[]noted-en]*",
            "expected the subject 'Off', got 'On its way, Ada'",
            "expected 'Ring thrice' in the mail, which does not have it; its text is:",
            "expected no 'Hello' in the mail, which has it",
            "expected a link to https://x.example, got https://acme.example/track/1",
        ]
    )


def test_wrong_keys_of_expect(run: Run) -> None:
    """A key that there is not is a fault with its place, and no traceback."""
    changed = (
        FILES["notifications/shipped.yaml"]
        .replace("contains: [", "contain: [")
        .replace("not_contains: No", "links: No")
    )
    result = run(
        "--notify-samples", notifications__shipped__yaml=changed.replace("      links: https", "      subjec: https")
    )

    result.assert_outcomes(passed=1, failed=1)
    result.stdout.fnmatch_lines(["notifications/shipped.yaml:15:7: unknown key of expect 'contain' (did you mean *"])
    assert "Traceback" not in result.stdout.str()


def test_a_definition_that_changed_meanwhile(pytester: pytest.Pytester) -> None:
    """What is expected is read from the file; where that has no such sample any more, nothing is."""
    write_project(pytester.path)
    notifier = notify.notifier.Notifier.load(pytester.path)
    noted = next(case for case in cases(notifier) if case.sample.name == "noted")
    (pytester.path / "notifications/shipped.yaml").write_text("samples: {}\n")

    assert Expectation() == expectation_of(noted, pytester.path)


def test_what_must_hold_of_every_mail(run: Run) -> None:
    """A None, or a template that was not rendered, in any part is found; the template's own words are not."""
    changed = FILES["notifications/shipped.yaml"].replace("{{ link }}", "{{ note }} {{ '{{ x }}' }}")
    result = run("--notify-samples", notifications__shipped__yaml=changed)

    result.assert_outcomes(failed=2)
    result.stdout.fnmatch_lines(["there is 'None' in the text: *", "there is '{{' in the text: *"])
    assert "in the HTML" not in result.stdout.str()


def test_a_definition_that_is_wrong(run: Run) -> None:
    """It is an error of collection with its place."""
    result = run("--notify-samples", notifications__shipped__yaml="subjet: x\n")

    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines(["*notifications/shipped.yaml:1:1: *subjet*did you mean*"])
    assert "Traceback" not in result.stdout.str()


def test_no_configuration(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where there is no notify.yaml the run says so and ends."""
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")
    pytester.makeini("[pytest]\nnotify_config = elsewhere\n")
    result = pytester.runpytest_inprocess("-p", "notify.testing.plugin", "--notify-samples")

    assert pytest.ExitCode.USAGE_ERROR == result.ret
    result.stderr.fnmatch_lines(["*elsewhere*"])


def test_golden_files(run: Run, pytester: pytest.Pytester) -> None:
    """They are missing, then written, then right, then differ, and the difference can be read."""
    missing = run("--notify-golden")
    run("--notify-update").assert_outcomes(passed=3)
    run("--notify-golden").assert_outcomes(passed=3)
    before = (pytester.path / "golden/shipped/default.en.eml").read_bytes()
    changed = run(
        "--notify-golden", templates__shipped__html=FILES["templates/shipped.html"].replace("Track", "Follow")
    )

    missing.assert_outcomes(failed=2, passed=1)
    missing.stdout.fnmatch_lines(
        ["there is no golden file golden/shipped/default.en.eml yet (*pytest --notify-update)"]
    )
    changed.assert_outcomes(failed=2, passed=1)
    changed.stdout.fnmatch_lines(
        ["*differs from golden/shipped/default.en.eml*", "--- html (old)", "-*Track*", "+*Follow*"]
    )
    assert before == (pytester.path / "golden/shipped/default.en.eml").read_bytes()


def test_a_golden_file_is_the_preview_s(run: Run, pytester: pytest.Pytester) -> None:
    """The preview's golden file of a sample is the one that tests compare with: the same octets."""
    from notify import Notifier
    from notify.preview.project import Project
    from notify.preview.renderings import Renderings
    from notify.preview.state import State

    run("--notify-update")
    notifier = Notifier.load(pytester.path)
    rendition = Renderings(Project(notifier)).of(State(notification="shipped", sample="noted"))

    assert rendition.mail is not None
    assert rendition.mail.data == (pytester.path / "golden/shipped/noted.en.eml").read_bytes()


def test_golden_files_of_no_sample(run: Run, pytester: pytest.Pytester) -> None:
    """A golden file that no sample has any more is a failure, and goes when golden files are updated."""
    run("--notify-update")
    orphan = pytester.path / "golden/shipped/gone.en.eml"
    orphan.write_text("x")
    failed = run("--notify-golden")
    run("--notify-update").assert_outcomes(passed=3)

    failed.assert_outcomes(passed=2, failed=1)
    failed.stdout.fnmatch_lines(["golden/shipped/gone.en.eml: no sample has this golden file any more (*"])
    assert not orphan.exists()


def test_the_tree_of_parts(run: Run, pytester: pytest.Pytester) -> None:
    """A file that is new, or has other content, is shown in the tree of parts."""
    run("--notify-update")
    (pytester.path / "attachments").mkdir()
    (pytester.path / "attachments/terms.pdf").write_bytes(b"%PDF")
    attached = FILES["notifications/shipped.yaml"] + "attachments: [{path: terms.pdf}]\n"
    result = run("--notify-golden", notifications__shipped__yaml=attached)
    run("--notify-update", notifications__shipped__yaml=attached)
    (pytester.path / "attachments/terms.pdf").write_bytes(b"%PDF-2")
    other = run("--notify-golden", notifications__shipped__yaml=attached)

    result.stdout.fnmatch_lines(["--- parts (old)", "+*application/pdf attachment terms.pdf sha256:*"])
    other.stdout.fnmatch_lines(["-*terms.pdf sha256:*", "+*terms.pdf sha256:*"])


def test_coverage_of_templates(run: Run) -> None:
    """Arms that no sample reaches are listed with their place, and too few fail the run."""
    single = FILES["notifications/shipped.yaml"].split("  noted:")[0]
    whole = run("--notify-coverage=100")
    result = run("--notify-coverage=100", notifications__shipped__yaml=single)
    lenient = run("--notify-coverage")

    assert pytest.ExitCode.OK == whole.ret == lenient.ret
    whole.stdout.fnmatch_lines(["100.00 % of the templates' arms are reached by samples: 4 of 4"])
    assert pytest.ExitCode.TESTS_FAILED == result.ret
    result.stdout.fnmatch_lines(
        [
            "notifications/shipped.yaml:6: the inline if was not taken",
            "templates/shipped.html:2: the if was not taken",
            "FAIL 50.00 % of the templates' arms are reached by samples: 2 of 4; 100 % are required",
        ]
    )


def test_coverage_of_a_project_that_cannot_be_read(run: Run) -> None:
    """A definition that is wrong is told with its place, and the run fails."""
    result = run("--notify-coverage", notifications__shipped__yaml="subjet: x\n")

    assert pytest.ExitCode.TESTS_FAILED == result.ret
    result.stdout.fnmatch_lines(["FAIL the templates cannot be measured: notifications/shipped.yaml:1:1: *subjet*"])


def test_no_coverage_of_a_run_that_did_not_end(run: Run, pytester: pytest.Pytester) -> None:
    """Where pytest only collects, or is interrupted, nothing is measured."""
    pytester.makepyfile("import pytest\ndef test_it(): pytest.exit('enough')")
    interrupted, collected = run("--notify-coverage=100"), run("--notify-coverage=100", "--collect-only")

    assert pytest.ExitCode.INTERRUPTED == interrupted.ret
    assert "coverage of templates" not in interrupted.stdout.str() + collected.stdout.str()


def test_coverage_of_samples_that_fail(run: Run) -> None:
    """A sample that cannot be rendered is told, and the run fails."""
    result = run("--notify-coverage", templates__shipped__html="{{ nobody }}")

    assert pytest.ExitCode.TESTS_FAILED == result.ret
    result.stdout.fnmatch_lines(["shipped[[]default-en]: templates/shipped.html:1:*"])


def test_properties(run: Run, pytester: pytest.Pytester) -> None:
    """Params that break a notification are found, and shown as small as they can be."""
    pytester.makeini("[pytest]\nnotify_examples = 100\n")
    good = run("--notify-properties")
    changed = FILES["notifications/shipped.yaml"].replace(
        '"Note: " ~ note if note', "note | upper if note is not none and note[0]"
    )
    result = run("--notify-properties", notifications__shipped__yaml=changed)

    good.assert_outcomes(passed=1)
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["notifications/shipped.yaml:6:*", "*values={*'note': ''*"])
    assert "Traceback" not in result.stdout.str()


def test_properties_find_a_none_and_a_size(run: Run, pytester: pytest.Pytester) -> None:
    """A None in the text is found although no sample shows it; so is a mail that is too large."""
    changed = FILES["notifications/shipped.yaml"].replace('{{ "Note: " ~ note if note else "No note." }}', "{{ note }}")
    none = run("--notify-properties", notifications__shipped__yaml=changed)
    pytester.makeini("[pytest]\nnotify_max_bytes = 500\n")
    large = run("--notify-properties")

    none.stdout.fnmatch_lines(["there is 'None' in the text: *"])
    large.stdout.fnmatch_lines(["the mail has * octets, more than 500"])


def test_the_shop(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> None:
    """The example passes: its samples, its golden files as soon as they are written, and made-up params."""
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")
    shutil.copytree(SHOP, pytester.path, dirs_exist_ok=True)
    plugin = ("-p", "notify.testing.plugin", "-p", "no:cacheprovider")
    first = pytester.runpytest_inprocess(*plugin, "--notify-samples", "--notify-update", "--notify-coverage=100")
    again = pytester.runpytest_inprocess(*plugin, "--notify-golden")
    # An issue without any article is a fault of the example's.
    made_up = pytester.runpytest_inprocess(*plugin, "--notify-properties", "-k", "not weekly_digest")

    assert pytest.ExitCode.OK == first.ret == again.ret == made_up.ret
    assert made_up.parseoutcomes()["passed"] > 5


def test_every_name_is_there() -> None:
    """`notify.testing` has all that it names, in the order of the alphabet, and says what it has not."""
    assert sorted(notify.testing.__all__) == list(notify.testing.__all__)
    assert [] == [name for name in notify.testing.__all__ if not hasattr(notify.testing, name)]
    with pytest.raises(AttributeError, match=r"module 'notify.testing' has no attribute 'Nothing'"):
        _ = notify.testing.Nothing


def test_a_number_that_is_none(run: Run, pytester: pytest.Pytester) -> None:
    """A wrong ini value is said, not raised."""
    pytester.makeini("[pytest]\nnotify_examples = many\n")
    result = run("--notify-properties")

    assert pytest.ExitCode.USAGE_ERROR == result.ret
    result.stderr.fnmatch_lines(["*notify_examples: expected a whole number of at least 1, got 'many'*"])


def test_with_xdist(run: Run, pytester: pytest.Pytester) -> None:
    """Under xdist each item runs once, each mailbox is its test's own, and coverage is told once."""
    pytester.makeini("[pytest]\nnotify_samples = true\n")
    pytester.makepyfile("""
        import pytest
        from notify import Notifier

        @pytest.mark.parametrize("number", range(6))
        def test_it(notify_mailbox, number):
            notifier = Notifier.load()
            notifier.send("shipped", to=f"p{number}@example.com", params={"name": "Ada", "link": "https://acme.example"})
            assert notify_mailbox.only().recipients == (f"p{number}@example.com",)
    """)
    result = run("-p", "xdist", "-n", "2", "--notify-golden", "--notify-coverage=90")

    result.assert_outcomes(passed=6 + 2 + 1, failed=2)
    assert 1 == result.stdout.str().count("of the templates' arms are reached")
