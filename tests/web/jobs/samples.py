"""What is typed into the forms of jobs."""

BRIEF = {
    "title": "Logo and shop sign",
    "brief": "For a bakery. It should work cut out of steel.",
    "deliverables": "Three sketches\r\nThe sign\r\n",
    "skills": "logo design",
    "pricing": "budget",
    "budget": "120.00",
    "currency": "USD",
    "deadline": "2036-12-20",
}
