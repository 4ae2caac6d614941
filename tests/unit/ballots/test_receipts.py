import pytest

from service.domain.ballots import ForgedReceipt, check_receipt, issue_receipt
from service.domain.proof.signing import public_key


@pytest.fixture
def seal(chance):
    return chance.randbytes(32)


def test_a_receipt_is_checked_with_the_public_key_alone(seal):
    receipt = issue_receipt(seal, "box", 7)
    assert check_receipt(f"  {receipt.text[:20]}\n{receipt.text[20:]} ", public_key(seal), "box") == receipt
    assert len(receipt.code) == 9


def test_the_same_voter_gets_the_same_receipt_again(seal):
    assert issue_receipt(seal, "box", 7) == issue_receipt(seal, "box", 7)


def test_every_voter_has_their_own(seal):
    assert len({issue_receipt(seal, "box", n).fingerprint for n in range(1, 10)}) == 9


@pytest.mark.parametrize("change", [lambda t: t.replace("LR1.7.", "LR1.8."), lambda t: t[:-3], lambda t: "", lambda t: "LR1.x.y",
                                    lambda t: "LR1.7." + "A" * 86, lambda t: t.replace("LR1", "LR2"), lambda t: "LR1.٧." + t.split(".")[2]])  # fmt: skip
def test_a_forged_receipt_is_detected(seal, change):
    with pytest.raises(ForgedReceipt):
        check_receipt(change(issue_receipt(seal, "box", 7).text), public_key(seal), "box")


def test_a_receipt_of_another_ballot_is_none(seal, chance):
    receipt = issue_receipt(seal, "box", 7)
    with pytest.raises(ForgedReceipt):
        check_receipt(receipt.text, public_key(seal), "other")
    with pytest.raises(ForgedReceipt):
        check_receipt(receipt.text, public_key(chance.randbytes(32)), "box")
