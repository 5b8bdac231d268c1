"""Twenty passages of an insurance policy with a question to each: the set behind docs/embedded-engines.md."""

# A question, in mostly other words than the passage below it that answers it.
_PAIRS = """
Q: I drove into a pole, will my own car be repaired?
Collision coverage pays to repair or replace your vehicle after it hits another car or an object,
less your deductible.

Q: Somebody stole my car, is theft paid for?
Comprehensive coverage pays for loss of your car by theft, fire, hail, flood, vandalism or contact
with an animal.

Q: The driver who hurt me had no insurance. Who pays my hospital bills?
If someone without any insurance injures you, uninsured motorist coverage pays your medical bills
and lost wages.

Q: My battery is dead on the highway, can you send a tow truck?
Roadside assistance includes towing to the nearest garage, a jump start, a tyre change and delivery
of fuel.

Q: Do I get a rental car while mine is being fixed?
While your vehicle is in the shop for a covered claim, rental reimbursement pays up to 40 dollars a
day for a hire car.

Q: How long do I have to tell you about an accident?
You must report an accident to us as soon as possible, and in any case within 30 days, with the
police report if there is one.

Q: A pipe burst and water ran through the kitchen, am I covered?
Damage from burst pipes is covered when the water escapes suddenly; slow leaks and wear are
excluded.

Q: The river flooded our basement, does home insurance pay?
Flooding by rivers, storm surge or rising ground water is not covered by the homeowner policy; buy
separate flood cover.

Q: How much would I get for a stolen wedding ring or other jewellery?
Jewellery, watches and furs are covered up to 2,500 dollars in total unless you schedule them with
an appraisal.

Q: We cannot live in the house after the fire, who pays for the hotel?
If your home cannot be lived in after a covered loss, we pay hotel costs and extra living expenses
for 12 months.

Q: Are vaccinations and yearly checkups free?
Preventive care such as annual check-ups, vaccinations and cancer screening is covered in full, with
no copayment.

Q: What does it cost to go to the emergency room?
Emergency room visits have a copayment of 250 dollars, which is waived when you are admitted to the
hospital.

Q: How much do I pay for generic prescription drugs?
Prescription drugs are sorted into tiers: generics cost 10 dollars, preferred brands 40 and
specialty medicine 20 percent.

Q: Do I need approval before an MRI scan?
Prior authorization is needed before an MRI, a planned surgery or a stay in a rehabilitation
facility.

Q: We had a baby, when must I add the child to the plan?
You may add a newborn or adopted child to the plan within 31 days of the birth or adoption.

Q: How often can I have my teeth cleaned by the dentist?
Dental cleaning is covered twice a year; crowns and bridges are covered at 50 percent after a
waiting period of 12 months.

Q: You rejected my claim, how can I appeal the decision?
If we deny your claim you may appeal in writing within 180 days; an independent reviewer decides
within 30 days.

Q: What happens if I pay my premium late?
The premium is due on the first day of the month; after a grace period of 31 days without payment
the policy lapses.

Q: How many physical therapy sessions do I have each year?
Physical therapy is limited to 30 visits per calendar year and needs a referral from your doctor.

Q: How do I cancel my policy and get my money back?
To cancel the policy, send us a signed request; we refund the unused part of the premium within 14
days.
"""

QUESTIONS = tuple(pair.splitlines()[0].removeprefix("Q: ") for pair in _PAIRS.strip().split("\n\n"))
"""Question n is answered by passage n."""
PASSAGES = tuple(" ".join(pair.splitlines()[1:]) for pair in _PAIRS.strip().split("\n\n"))
