"""Warm-up records: what is written is what a model server replays."""

import pytest

from serving.versions.warmup import RECORDS, BadRecord, read_warmup, write_warmup
from tests.serving.fakes import graph_of


@pytest.fixture
def version(tmp_path):
    """A SavedModel with two of the contract's signatures, and one that is not."""
    model = graph_of()
    signatures = model.meta_graphs[0].signature_def
    signatures["rank"].inputs["dialogue"].dtype = 7
    for name in ("dialogue", "reply"):
        signatures["score"].inputs[name].dtype = 7
    signatures["count"].inputs["tokens"].dtype = 3
    (tmp_path / "saved_model.pb").write_bytes(model.SerializeToString())
    return tmp_path


class TestRecords:
    def test_each_signature_of_the_contract_is_called_once(self, version):
        """Only those whose inputs we know how to fill."""
        write_warmup(version)

        assert ["rank", "score"] == [r.model_spec.signature_name for r in read_warmup(version)]
        assert {"dialogue", "reply"} == set(list(read_warmup(version))[1].inputs)

    def test_a_version_that_brings_its_own_keeps_them(self, version):
        """Who wrote it knows better."""
        write_warmup(version)
        (version / RECORDS).write_bytes(b"")
        write_warmup(version)

        assert [] == list(read_warmup(version))

    def test_none_is_no_error(self, tmp_path):
        """A model of other signatures is loaded cold."""
        write_warmup(tmp_path)

        assert [] == list(read_warmup(tmp_path))

    @pytest.mark.parametrize("harm", [lambda d: d[:-1], lambda d: d[:3], lambda d: d[::-1]])
    def test_a_damaged_file_is_told(self, version, harm):
        """The load fails then, as in TensorFlow Serving."""
        write_warmup(version)
        (version / RECORDS).write_bytes(harm((version / RECORDS).read_bytes()))

        with pytest.raises(BadRecord, match="damaged"):
            list(read_warmup(version))
