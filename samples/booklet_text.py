"""What the benefits booklet says, page by page. The plan, its numbers and its sentences are invented."""

from __future__ import annotations

from dataclasses import dataclass

PLAN = "Harborview Gold"


@dataclass(frozen=True)
class Table:
    """Rows of cells; the first row is the heading."""

    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class Section:
    """A heading and what stands below it: paragraphs, lists (tuples of items) and tables, in order."""

    heading: str
    blocks: tuple[str | tuple[str, ...] | Table, ...]


@dataclass(frozen=True)
class Page:
    """One page, and questions that this page answers and no other does as well."""

    title: str
    sections: tuple[Section, ...]
    questions: tuple[str, ...] = ()


PAGES: tuple[Page, ...] = (
    Page(
        f"{PLAN} Health Plan: Benefits Booklet 2026",
        (
            Section(
                "Welcome",
                (
                    "This booklet describes what your health plan pays for, what you pay yourself, and what to do "
                    "when something goes wrong. Keep it with your member card. It replaces all earlier editions from "
                    "1 January 2026.",
                    "Nothing in this booklet is medical advice. In an emergency call 911 first and think about the "
                    "plan afterwards.",
                ),
            ),
            Section(
                "What is where",
                (
                    Table(
                        (
                            ("Topic", "Page"),
                            ("The plan at a glance", "2"),
                            ("Who can join, and when", "3"),
                            ("Doctors, networks and preventive care", "4"),
                            ("Emergencies, urgent care and ambulances", "5"),
                            ("Hospital, surgery and maternity", "6"),
                            ("Prescription drugs", "7"),
                            ("Dental, vision and hearing", "8"),
                            ("Mental health and rehabilitation", "9"),
                            ("What the plan does not cover", "10"),
                            ("Claims and appeals", "11"),
                            ("Glossary and contacts", "12"),
                        )
                    ),
                ),
            ),
        ),
    ),
    Page(
        "The plan at a glance",
        (
            Section(
                "What you pay in a calendar year",
                (
                    "You pay the deductible first. After that you pay a copay or a share of the bill, called "
                    "coinsurance, until you reach the out-of-pocket maximum; from there the plan pays everything "
                    "that is covered.",
                    Table(
                        (
                            ("", "In network", "Out of network"),
                            ("Deductible, one person", "$750", "$2,250"),
                            ("Deductible, family", "$1,500", "$4,500"),
                            ("Out-of-pocket maximum, one person", "$4,200", "$9,800"),
                            ("Out-of-pocket maximum, family", "$8,400", "$19,600"),
                            ("Coinsurance after the deductible", "20%", "45%"),
                        )
                    ),
                ),
            ),
            Section(
                "Copays for common services",
                (
                    Table(
                        (
                            ("Service", "Copay in network"),
                            ("Primary care visit", "$25"),
                            ("Specialist visit", "$50"),
                            ("Video visit", "$10"),
                            ("Laboratory test", "$15"),
                            ("X-ray", "$40"),
                            ("MRI or CT scan", "$150"),
                        )
                    ),
                    "Copays do not count toward the deductible, but they do count toward the out-of-pocket maximum. "
                    "Premiums and charges above the allowed amount count toward neither.",
                ),
            ),
        ),
        (
            "How much is the family deductible out of network?",
            "What is the copay for a specialist visit?",
            "Do copays count toward the out-of-pocket maximum?",
        ),
    ),
    Page(
        "Who can join, and when",
        (
            Section(
                "Eligibility",
                (
                    "Employees who work at least 30 hours a week may join from the first day of the month after they "
                    "were hired. You may enrol your spouse or domestic partner, and children until the end of the "
                    "month in which they turn 26. A child who cannot support itself because of a disability may stay "
                    "longer; send us the doctor's statement within 60 days of the birthday.",
                ),
            ),
            Section(
                "Open enrolment",
                (
                    "Open enrolment runs from 3 November to 21 November. Changes made then take effect on 1 January. "
                    "If you do nothing, your present choice goes on for another year.",
                ),
            ),
            Section(
                "Changes during the year",
                (
                    "Outside open enrolment you may change your choice only after a qualifying event, and within 31 "
                    "days of it:",
                    (
                        "marriage, divorce or the end of a domestic partnership;",
                        "birth or adoption of a child, which is covered from the first day;",
                        "loss of other coverage, for example because a spouse lost a job;",
                        "a move out of the service area.",
                    ),
                ),
            ),
            Section(
                "When coverage ends",
                (
                    "Coverage ends on the last day of the month in which you leave your employer. You may continue "
                    "it at your own expense for up to 18 months under federal law (COBRA); the administrator must "
                    "receive your election form within 60 days.",
                ),
            ),
        ),
        (
            "Until what age can children stay on the plan?",
            "When is open enrolment?",
            "How long can I continue coverage under COBRA after leaving my employer?",
        ),
    ),
    Page(
        "Doctors, networks and preventive care",
        (
            Section(
                "Your primary care doctor",
                (
                    "Choose a primary care doctor from the directory. You do not need a referral to see a specialist "
                    "in the network, but your own doctor can save you a wrong turn. You can change your doctor at "
                    "any time; the change counts from the first of the next month.",
                ),
            ),
            Section(
                "Why the network matters",
                (
                    "Doctors in the network have agreed on prices with us. Others may bill you for the difference "
                    "between their price and the allowed amount. This is called balance billing, and it never counts "
                    "toward your out-of-pocket maximum. You are protected from it in an emergency, and when a doctor "
                    "outside the network treats you at a hospital in the network without your written consent.",
                    "If your doctor leaves the network while you are in treatment, you may stay with that doctor at "
                    "network prices for 90 days (continuity of care).",
                ),
            ),
            Section(
                "Preventive care at no cost",
                (
                    "These services are free in the network, without a deductible:",
                    (
                        "one physical examination a year;",
                        "vaccinations that the national schedule recommends, including influenza;",
                        "mammograms every two years from the age of 40;",
                        "screening for colon cancer from the age of 45;",
                        "help with giving up smoking, eight sessions a year.",
                    ),
                ),
            ),
        ),
        (
            "Do I need a referral to see a specialist?",
            "What is balance billing?",
            "Are flu vaccinations and mammograms free?",
        ),
    ),
    Page(
        "Emergencies, urgent care and ambulances",
        (
            Section(
                "Emergency room",
                (
                    "Go to the nearest emergency room if waiting could cost a life or a limb. You pay a copay of "
                    "$300, which is waived if you are admitted to the hospital. Emergency care is paid as in network "
                    "wherever you are, abroad too. Tell us within 48 hours of an admission, or have somebody tell "
                    "us.",
                ),
            ),
            Section(
                "Urgent care",
                (
                    "For a sprain, a fever or a cut that needs stitches, an urgent care centre is quicker and costs "
                    "a copay of $60. Most are open until 10 in the evening, on weekends too. The nurse line, free at "
                    "any hour, helps you decide where to go.",
                ),
            ),
            Section(
                "Ambulance",
                (
                    "Transport by ground ambulance to the nearest suitable hospital is covered at 80% after the "
                    "deductible. Air ambulance is covered only if a ground ambulance would put the patient in "
                    "danger; the plan then pays 80% of at most $12,000. A ride from one hospital to another needs "
                    "prior authorization unless it is an emergency.",
                    Table(
                        (
                            ("Service", "You pay"),
                            ("Emergency room", "$300, waived if admitted"),
                            ("Urgent care centre", "$60"),
                            ("Ground ambulance", "20% after the deductible"),
                            ("Air ambulance", "20% of up to $12,000"),
                        )
                    ),
                ),
            ),
        ),
        (
            "How much does an emergency room visit cost if I am not admitted?",
            "Is an air ambulance covered?",
            "What does an urgent care centre cost?",
        ),
    ),
    Page(
        "Hospital, surgery and maternity",
        (
            Section(
                "Staying in a hospital",
                (
                    "A planned stay needs prior authorization at least five working days before. Without it you pay "
                    "a penalty of $500, which does not count toward any limit. The plan covers a room with two beds; "
                    "for a private room you pay the difference unless a doctor orders isolation. You pay 20% after "
                    "the deductible.",
                ),
            ),
            Section(
                "Surgery",
                (
                    "Surgeon, assistant, anaesthesia and the operating room are covered together. Outpatient surgery "
                    "in a surgical centre costs a copay of $200. Weight-loss surgery is covered once in a lifetime, "
                    "with a body mass index of 40 or more and after six months of supervised diet. Organ transplants "
                    "are covered at designated centres only, with travel and lodging of up to $10,000.",
                ),
            ),
            Section(
                "Maternity",
                (
                    "Visits before and after birth are free in the network. The stay for a birth is covered for 48 "
                    "hours, or 96 hours after a caesarean section, and longer if the doctor says so. A breast pump "
                    "is covered once for each child. Enrol the newborn within 31 days, or the child has no coverage.",
                ),
            ),
        ),
        (
            "How long is the hospital stay after a caesarean section?",
            "What is the penalty for a planned hospital stay without prior authorization?",
            "Is weight-loss surgery covered?",
        ),
    ),
    Page(
        "Prescription drugs",
        (
            Section(
                "Four tiers",
                (
                    "Every covered drug stands in one of four tiers of the formulary. The formulary changes on 1 "
                    "January and 1 July; if your drug moves to a higher tier, we write to you 60 days before.",
                    Table(
                        (
                            ("Tier", "Retail, 30 days", "Mail order, 90 days"),
                            ("1: generic", "$10", "$20"),
                            ("2: preferred brand", "$35", "$85"),
                            ("3: other brand", "$70", "$175"),
                            ("4: specialty", "25%, at most $250", "not available"),
                        )
                    ),
                ),
            ),
            Section(
                "Rules for some drugs",
                (
                    "Step therapy means that a cheaper drug is tried first. Quantity limits follow what the maker "
                    "recommends. Your doctor can ask for an exception; we decide within 72 hours, or within 24 hours "
                    "if your health is at risk.",
                    "Insulin never costs you more than $35 for 30 days. Contraceptives in tier 1 are free. Drugs for "
                    "weight loss, for cosmetic purposes and those sold without a prescription are not covered.",
                ),
            ),
            Section(
                "Mail order",
                (
                    "Medicines that you take for months come by post, 90 days at a time. The first order takes up to "
                    "two weeks, so ask your doctor for a second prescription of 30 days to bridge the time.",
                ),
            ),
        ),
        (
            "How much does a generic drug cost by mail order?",
            "What is the most I pay for insulin?",
            "What is step therapy?",
        ),
    ),
    Page(
        "Dental, vision and hearing",
        (
            Section(
                "Dental",
                (
                    "The dental part of the plan pays at most $1,800 a person and year. Orthodontics (braces) is "
                    "covered for children under 19 only, at 50%, up to $2,000 in a lifetime.",
                    Table(
                        (
                            ("Dental service", "Plan pays", "Waiting time"),
                            ("Cleaning and check-up, twice a year", "100%", "none"),
                            ("Fillings, extractions", "80%", "none"),
                            ("Crowns, bridges, dentures", "50%", "6 months"),
                            ("Implants", "50%", "12 months"),
                        )
                    ),
                ),
            ),
            Section(
                "Vision",
                (
                    "One eye examination a year costs a copay of $15. Every second year the plan pays up to $180 for "
                    "glasses, or up to $150 for contact lenses, not both. Laser correction of sight is not covered, "
                    "but members get 15% off at partner clinics.",
                ),
            ),
            Section(
                "Hearing",
                (
                    "A hearing test is covered every two years. Hearing aids are covered every 36 months, up to "
                    "$1,500 for each ear. Batteries and repairs after the guarantee are yours to pay.",
                ),
            ),
        ),
        (
            "Are braces covered for children?",
            "How much does the plan pay for glasses?",
            "How often are hearing aids covered?",
        ),
    ),
    Page(
        "Mental health and rehabilitation",
        (
            Section(
                "Talking to somebody",
                (
                    "Visits to a psychologist, psychiatrist or licensed counsellor cost the same as a visit to your "
                    "primary care doctor, in person or by video. There is no limit on their number. The employee "
                    "assistance programme adds six free sessions a year, and your employer does not learn of them.",
                ),
            ),
            Section(
                "Treatment in a facility",
                (
                    "Inpatient treatment of mental illness or of addiction is covered like any hospital stay, with "
                    "prior authorization. Residential treatment is covered for 60 days a year. Medication for opioid "
                    "addiction needs no authorization and stands in tier 1.",
                ),
            ),
            Section(
                "Getting back on your feet",
                (
                    Table(
                        (
                            ("Therapy", "Visits a year", "Copay"),
                            ("Physical therapy", "40", "$30"),
                            ("Occupational therapy", "40", "$30"),
                            ("Speech therapy", "30", "$30"),
                            ("Chiropractic care", "20", "$40"),
                            ("Acupuncture", "12", "$40"),
                        )
                    ),
                    "A skilled nursing facility is covered for 100 days after a hospital stay. Care at home by a "
                    "nurse is covered for 60 visits if it takes the place of a stay. Hospice care is free.",
                ),
            ),
        ),
        (
            "How many physical therapy visits are covered a year?",
            "Does acupuncture have a limit of visits?",
            "How many days in a skilled nursing facility are covered?",
        ),
    ),
    Page(
        "What the plan does not cover",
        (
            Section(
                "General exclusions",
                (
                    "The plan pays nothing for the following, even if a doctor recommends them:",
                    (
                        "cosmetic surgery, unless it repairs an injury or follows a mastectomy;",
                        "treatment that is experimental, outside an approved clinical trial;",
                        "infertility treatment beyond diagnosis, such as in vitro fertilization;",
                        "injuries at work, for which workers' compensation is responsible;",
                        "care that a relative gives you, or that you give yourself;",
                        "travel vaccinations and examinations for a job, school or sport;",
                        "personal comfort: television, telephone, guest meals;",
                        "services before coverage began or after it ended.",
                    ),
                ),
            ),
            Section(
                "Other insurance",
                (
                    "If another plan covers you too, the two coordinate so that you never receive more than the "
                    "bill. The plan of the parent whose birthday falls earlier in the year pays first for a child. "
                    "If somebody else is liable for your injury, we may recover what we paid from the settlement; "
                    "this is called subrogation.",
                ),
            ),
            Section(
                "War and crime",
                (
                    "Injuries from acts of war, or suffered while committing a felony, are excluded. Injuries from "
                    "domestic violence are never excluded, whatever else this page says.",
                ),
            ),
        ),
        (
            "Is cosmetic surgery excluded?",
            "Does the plan pay for in vitro fertilization?",
            "Which parent's plan pays first for a child?",
        ),
    ),
    Page(
        "Claims and appeals",
        (
            Section(
                "How to file a claim",
                (
                    "Doctors in the network send their bills to us. If you paid yourself, send form HV-20 with the "
                    "itemized bill and the receipt within 180 days of the service, by post or in the member portal. "
                    "We answer within 30 days. Bills from abroad need no translation, but tell us the currency.",
                ),
            ),
            Section(
                "If we say no",
                (
                    "Every refusal names its reason and the page of this booklet on which it rests. You have three "
                    "steps:",
                    Table(
                        (
                            ("Step", "You have", "We have"),
                            ("First appeal", "180 days", "30 days to decide"),
                            ("Second appeal, to a panel", "60 days", "30 days to decide"),
                            ("External review by an independent doctor", "4 months", "45 days to decide"),
                        )
                    ),
                    "If waiting would put your health at risk, ask for an expedited appeal by telephone; we decide "
                    "within 72 hours. The decision of the external review binds us. It costs you nothing.",
                ),
            ),
            Section(
                "Complaints and fraud",
                (
                    "A complaint about rudeness, delay or a mistake is not an appeal and has no deadline. If a bill "
                    "lists services you never had, call the fraud line; you need not give your name.",
                ),
            ),
        ),
        (
            "Within how many days must I file a claim?",
            "How long do I have for a first appeal?",
            "Who decides the external review?",
        ),
    ),
    Page(
        "Glossary and contacts",
        (
            Section(
                "Words used in this booklet",
                (
                    "<b>Allowed amount</b>: the most that the plan recognises as the price of a service.",
                    "<b>Coinsurance</b>: your share of a bill, as a percentage, once the deductible is paid.",
                    "<b>Copay</b>: a fixed amount you pay for a service.",
                    "<b>Deductible</b>: what you pay in a year before the plan begins to pay.",
                    "<b>Formulary</b>: the list of drugs that the plan covers, with their tiers.",
                    "<b>Medically necessary</b>: what a careful doctor would do for a patient, by accepted "
                    "standards, and not for convenience.",
                    "<b>Prior authorization</b>: our consent before a service; without it the plan may not pay.",
                ),
            ),
            Section(
                "How to reach us",
                (
                    Table(
                        (
                            ("Whom", "Telephone"),
                            ("Member services, Monday to Friday 8 to 8", "555-0134"),
                            ("Nurse line, at any hour", "555-0177"),
                            ("Prior authorization", "555-0152"),
                            ("Fraud line", "555-0199"),
                            ("Interpreters in 140 languages", "555-0110"),
                        )
                    ),
                    "Write to Harborview Health, Post Box 4410, Port Ellery. Large print and Braille editions of "
                    "this booklet are free.",
                ),
            ),
        ),
        (
            "What does medically necessary mean?",
            "What is the telephone number of the nurse line?",
            "Can I get this booklet in Braille?",
        ),
    ),
)
