import time

import pytest

from guildhall.screening.rules import PUBLISHED, findings_in


def broken_by(text: str, *, hired: bool = False) -> list[str]:
    return [finding.rule.name for finding in findings_in(text, hired=hired)]


CONTACTS = [
    "Write to amara.k@example.org for the files",
    "amara@mail.example.co.uk",
    "AMARA＠EXAMPLE．ORG",
    "amara (at) example (dot) org",
    "amara[at]example[.]org",
    "amara {at} example {dot} com",
    "amara at example dot com",
    "amara dot k at gmail dot com",
    "amara.k@gmail",
    "amara k gmail com",
    "my gmail: amara.kone77",
    "amara_at_gmail_com",
    "аmara@exаmple.com",
    "a\u200bmara@ex\u200bample.com",
    "amara @ example . com",
    "my email is amara kone, the usual provider",
    "Call +44 113 496 0000 any time",
    "WhatsApp: 0300 1234567",
    "whats app me at +92-300-1234567",
    "phone 0113 496 0000",
    "(555) 010-0199",
    "555-010-0199 after six",
    "My number is ０３００１２３４５６７",
    "zero three double zero one two three four five six seven",
    "call me: nine two three zero zero one two three four",
    "reach me on ٠٣٠٠١٢٣٤٥٦٧",
    "0 3 0 0 1 2 3 4 5 6 7",
    "0-3-0-0-1-2-3-4-5-6-7",
    "00923001234567",
    "telegram: @amara_k",
    "Telegram @amara_k",
    "Message me on Telegram",
    "please contact us via WhatsApp for details",
    "text me through whatsapp",
    "T E L E G R A M : amara_k",
    "t.e.l.e.g.r.a.m: amara_k",
    "Ｔｅｌｅｇｒａｍ: amara_k",
    "tеlеgrаm: amara_k",
    "t3legr4m: amara_k",
    "wh4tsapp me",
    "https://t.me/amara_k",
    "wa.me/923001234567",
    "chat.whatsapp.com/AbCdEf",
    "join discord.gg/abcdef",
    "skype id: live:amara_k",
    "Skype - @amara.kone",
    "my skype is amara.kone",
    "reach out to our manager on Telegram",
    "The interview will be held on WhatsApp",
    "Further details over Telegram only",
    "drop your whatsapp number in the proposal",
    "Send me your phone number",
    "share your email address with us",
    "ping @amara_k on telegram",
    "tg: amara_k",
    "insta: amara_draws",
    "my instagram is amara_draws",
    "dm me on instagram",
    "telegram me",
    "Let us talk on Viber",
    "add me on wechat amara88",
    "Contact the hiring manager on Signal app",
    "viber 0300-1234567",
]

HARMLESS = [
    "Build a Telegram bot that answers questions about opening hours.",
    "Integrate the WhatsApp Business API with our shop.",
    "Collect name, address, phone number and e-mail address from public pages.",
    "We use Slack, Microsoft Teams and Zoom; calls happen once a week.",
    "Budget 1500 USD, 20 pages, due 2027-03-31.",
    "Server: Xeon 4110 CPU @ 2.10GHz, 128 GB RAM",
    "10,000 rows with 1234567890 as the longest id",
    "A table of 1960-2023 and 2024-2036 by district",
    "SPEI values range from -2 to +2.",
    "Set up Gmail and Google Workspace for three users.",
    "A user signed in with @gmail.com sees other charts.",
    "Only contact me if you have done this before.",
    "See https://public.tableau.com/app/profile/x/viz/Overview_17090332693110/Home",
    "Reports: security deposit, rent roll, general ledger.",
    "Dashboard of deposits and withdrawals by customer",
    "Look at example.com for the tone we like.",
    "ISBN 978-3-16-148410-0 goes on the back cover.",
    "Fraud detection: find fake reviews in our data set.",
    "We train staff against phishing e-mails.",
    "Ethical hacker (CEH) certification is welcome.",
    "Prepare material for the PL-300 exam.",
    "Write test questions for a driving exam.",
    "A poster for Black Friday, only white space and red letters.",
    "Design a landing page for a women’s cycling co-operative.",
    "An illustration of a stinking cheese for our menu",
    "Teach my daughter mathematics before her exam.",
    "Proofread my dissertation: grammar only.",
    "Gift card design in three sizes",
    "Payroll: deduct the registration fee in our books",
    "Edit an interview about passports and borders",
    "Set up our PayPal account page and Stripe integration.",
    "0.1234 567 is the threshold; 12 34 56 78 are the bins",
    "Facebook ads: manage three campaigns and report weekly.",
    "Chat support for our customers through our own messenger widget",
    "Our LinkedIn account needs a new banner.",
    "Version 10.0.19045.3803, port 5432, ticket 4815162342",
    "Ratio 3:1, sizes 100x200x300, scale 1:250000",
    "ages 18 19 20 21 22 23 24 25 26 27 28 29",
]

PAYS_TO_WORK = [
    "You must pay a refundable deposit of 50 USD before you start.",
    "Selected candidates have to send a small registration fee.",
    "A training fee of 30 USD is required and refunded later.",
    "Registration fee: $25",
    "We will send you a cheque to buy equipment; return the rest to us.",
    "Applicants pay the onboarding fee in bitcoin.",
    "You will purchase a starter kit and we will reimburse you.",
    "Buy Amazon gift cards and send us the codes.",
    "Receive payments to your own bank account and forward them to us.",
    "Pay a one-time activation fee to begin.",
    "Refundable security deposit before the first task.",
    "Deposit the check and wire the remainder to our vendor.",
]

PROHIBITED = [
    ("Throw a stink bomb into my neighbour’s shop", "no_harm_to_people"),
    ("I want someone to harass my former boss", "no_harm_to_people"),
    ("Find out where my ex-wife lives now", "no_harm_to_people"),
    ("Help me take revenge on a colleague", "no_harm_to_people"),
    ("Write instructions to build a pipe bomb", "no_weapons_or_drugs"),
    ("Sell cocaine through a website", "no_weapons_or_drugs"),
    ("Write 50 fake Google reviews for my restaurant", "no_fraud_or_forgery"),
    ("Need 5 star reviews on Trustpilot", "no_fraud_or_forgery"),
    ("Make a fake passport scan", "no_fraud_or_forgery"),
    ("Photoshop my bank statement", "no_fraud_or_forgery"),
    ("Create a phishing page for a bank", "no_fraud_or_forgery"),
    ("Buy 10k fake followers", "no_fraud_or_forgery"),
    ("Hack into my girlfriend’s Instagram account", "no_breaking_in"),
    ("hасk his phone", "no_breaking_in"),
    ("Create a keylogger that nobody notices", "no_breaking_in"),
    ("DDoS attack on my competitor", "no_breaking_in"),
    ("Take my online exam for me", "no_cheating_at_school"),
    ("Write my dissertation", "no_cheating_at_school"),
    ("Proxy interview taker wanted", "no_cheating_at_school"),
    ("Rent your Upwork account to me monthly", "no_borrowed_accounts"),
    ("Looking to buy verified Payoneer account.", "no_borrowed_accounts"),
    ("Nude photos wanted", "no_sexual_services"),
    ("Males only", "no_discrimination"),
    ("No Muslims please", "no_discrimination"),
]


@pytest.mark.parametrize("text", CONTACTS)
def test_B01_contact_details_are_found_however_they_are_written(text: str) -> None:
    assert "contacts_stay_inside" in broken_by(text)


@pytest.mark.parametrize("text", HARMLESS)
def test_B01_ordinary_work_raises_no_alarm(text: str) -> None:
    assert broken_by(text) == []


@pytest.mark.parametrize("text", PAYS_TO_WORK)
def test_B02_nobody_is_made_to_pay_for_work(text: str) -> None:
    assert "workers_never_pay" in broken_by(text)
    assert "workers_never_pay" in broken_by(text, hired=True)


@pytest.mark.parametrize(("text", "rule"), PROHIBITED)
def test_B16_prohibited_work_breaks_its_published_rule(text: str, rule: str) -> None:
    assert rule in broken_by(text)


def test_people_who_work_together_may_exchange_ways_to_meet() -> None:
    assert broken_by("Call me on +44 113 496 0000", hired=True) == []


def test_every_rule_has_a_name_and_says_what_it_wants() -> None:
    assert len({rule.name for rule in PUBLISHED}) == len(PUBLISHED)
    assert all(str(rule.says).endswith(".") for rule in PUBLISHED)


@pytest.mark.parametrize(
    "text",
    [
        "a" * 50_000,
        "1 " * 25_000,
        "a@" * 25_000,
        "you " * 12_500,
        "zero " * 10_000,
        "a." * 25_000,
        "(" * 50_000,
    ],
)
def test_D18_no_text_makes_the_rules_slow(text: str) -> None:
    began = time.process_time()
    findings_in(text)
    assert time.process_time() - began < 5
