"""The words that the corpus is made of; the organisations are invented, the places are real."""

from __future__ import annotations

from typing import Final

SKILLS: Final = (
    *("accessibility", "agile", "ai", "analytics", "apis", "architecture", "automation", "business-analysis", "cloud"),
    *("content-design", "cyber-security", "data-engineering", "data-ethics", "data-science", "delivery-management"),
    *("devops", "digital-inclusion", "frontend", "geospatial", "graduates", "hybrid-working", "identity", "java"),
    *("incident-response", "infrastructure", "interaction-design", "javascript", "leadership", "legacy-systems"),
    *("linux", "machine-learning", "mobile", "networks", "observability", "open-data", "open-source", "part-time"),
    *(
        "performance-analysis",
        "privacy",
        "procurement",
        "product-management",
        "python",
        "reliability",
        "service-design",
    ),
    *("software-development", "standards", "technical-writing", "testing", "user-research", "welsh-language"),
)
SECTORS: Final = (
    *("benefits", "borders", "courts", "culture", "defence", "education", "energy", "environment", "farming"),
    *("health", "housing", "pensions", "planning", "tax", "transport"),
)
WORK: Final = (
    "services",
    "platforms",
    "data",
    "design",
    "research",
    "security",
    "delivery",
    "policy",
    "skills",
    "reform",
)
TAGS: Final = (*SKILLS, *(f"{sector}-{work}" for work in WORK for sector in SECTORS))
"""Two hundred ids of tags."""

ORGANISATIONS: Final = (
    *(f"Department for {what}" for what in ("Civic Data", "Fair Work", "Housing Futures", "Rural Affairs", "Learning")),
    *(f"Ministry of {what}" for what in ("Open Records", "Public Works", "Coasts and Rivers", "Service Reform")),
    *(
        f"{what} Agency"
        for what in ("Harbour Safety", "Land Survey", "Grant Payments", "Vehicle Records", "Soil Health")
    ),
    *(f"{what} Council" for what in ("Alderbrook", "Brackenfold", "Calderwick", "Dunmarsh", "Eastholme", "Fenwater")),
    *(f"{what} Council" for what in ("Glenarrow", "Harrowmere", "Inverlochy Vale", "Kestrel Moor", "Larkfield")),
    *(f"{what} NHS Trust" for what in ("North Moor", "Severn Bank", "West Fell", "Three Rivers", "Ashdown")),
    *(f"{what} Police" for what in ("Moorland", "Estuary", "Two Valleys")),
    *("Public Digital Academy", "National Statistics Bureau", "Central Buying Office", "Civic Cyber Centre"),
    *("Museum of Public Works", "Office for Fair Algorithms", "Digital Health Institute"),
)
"""Forty employers."""

PLACES: Final = (
    *("Aberdeen", "Bath", "Belfast", "Birmingham", "Bristol", "Cardiff", "Coventry", "Darlington", "Derby", "Dundee"),
    *("Edinburgh", "Exeter", "Glasgow", "Hull", "Leeds", "Leicester", "Liverpool", "London", "Manchester", "Newport"),
    *("Newcastle upon Tyne", "Norwich", "Nottingham", "Plymouth", "Salford", "Sheffield", "Swansea", "York"),
)
GRADES: Final = (
    ("ao", "Administrative officer", 24_000, 29_000, 4),
    ("eo", "Executive officer", 28_000, 34_000, 12),
    ("heo", "Higher executive officer", 34_000, 42_000, 22),
    ("seo", "Senior executive officer", 41_000, 52_000, 26),
    ("g7", "Grade 7", 52_000, 68_000, 22),
    ("g6", "Grade 6", 66_000, 86_000, 10),
    ("scs1", "Deputy director", 78_000, 125_000, 4),
)
"""Id, label, least and most pounds a year, and how many in a hundred jobs have the grade."""
CONTRACTS: Final = ("Permanent", "Permanent", "Permanent", "Fixed term", "Fixed term", "Secondment", "Apprenticeship")
FAMILIES: Final = {
    "Architecture": ("Data architect", "Technical architect", "Enterprise architect"),
    "Data": ("Data engineer", "Data scientist", "Data analyst", "Performance analyst"),
    "IT operations": ("Infrastructure engineer", "Service desk manager", "Incident manager"),
    "Product and delivery": ("Product manager", "Delivery manager", "Business analyst", "Service owner"),
    "Quality assurance testing": ("Test engineer", "Test manager"),
    "Software development": ("Software developer", "Frontend developer", "DevOps engineer"),
    "User-centred design": ("User researcher", "Content designer", "Service designer", "Interaction designer"),
}
ROLES: Final = tuple(role for roles in FAMILIES.values() for role in roles)
LEVELS: Final = ("", "", "Junior ", "Senior ", "Lead ", "Principal ", "Head ")
SOURCES: Final = (
    ("Public Service Jobs", "https://jobs.example.gov.uk/vacancies/"),
    ("Health Careers", "https://health.example.org/posts/"),
    ("Council Notices", "https://councils.example.org/jobs/"),
    ("Digital Bulletin", "https://bulletin.example.net/items/"),
)

ADJECTIVES: Final = (
    *("accessible", "reliable", "shared", "modern", "secure", "open", "national", "regional", "resilient", "simple"),
    *("measured", "inclusive", "joined-up", "well-tested", "long-lived", "pragmatic", "user-centred", "affordable"),
)
NOUNS: Final = (
    *("service", "platform", "team", "product", "programme", "dataset", "pipeline", "prototype", "roadmap", "standard"),
    *("register", "interface", "dashboard", "report", "assessment", "portfolio", "framework", "component", "archive"),
)
VERBS: Final = (
    *("design", "build", "test", "improve", "run", "review", "deploy", "measure", "plan", "support", "publish"),
    *("maintain", "deliver", "simplify", "monitor", "share", "document"),
)
PEOPLE: Final = (
    *("our users", "colleagues in operations", "policy teams", "people who claim benefits", "local authorities"),
    *("clinicians and carers", "small businesses", "suppliers", "senior leaders", "frontline staff"),
)
REASONS: Final = (
    *("so that people get help the first time they ask", "while keeping running costs in hand"),
    *("before the old contract ends in spring", "without adding work for frontline staff"),
    *("so that decisions rest on evidence", "and show the working in the open", "across a dozen sites"),
)
PATTERNS: Final = (
    "You will {verb} and {verb2} {adjective} {noun}s with {people}, {reason}.",
    "The {noun} is used by {people} every day, and it has to stay {adjective} {reason}.",
    "We {verb} in the open: each {noun} is published, talked over with {people} and changed when the evidence says so.",
    "Working with {people}, the team will {verb} a {adjective} {noun} {reason}.",
    "Over the next {number} months we'll {verb} the {noun}, {verb2} the {noun2} and retire what is no longer needed.",
    "There's a budget of £{number},000 for the {adjective} {noun}, agreed with {people} in the autumn.",
    '"We want a {adjective} {noun}," the programme says, "one that {people} can trust."',
    "Most of the {noun} runs on *open source* components, and **every {noun2} is reviewed** by {people} {reason}.",
    "Read the [{adjective} {noun} guidance](https://guidance.example.org/{noun}/{number}) before you {verb} anything.",
    "About {number}% of {people} tell us the {noun} is {adjective} - up from {number2}% a year ago.",
    "Use `make {verb}` to {verb} the {noun} on your own machine; {people} do the same.",
    "It's a chance to {verb} something {adjective} at national scale {reason}.",
)
SUMMARIES: Final = (
    "A chance to {verb} a {adjective} {noun} with {people}, {reason}.",
    "The team will {verb} a {adjective} {noun} for {people} {reason}.",
    "How {people} and a small team {verb} a {adjective} {noun} {reason}.",
)
JOB_HEADINGS: Final = ("About the team", "What you'll do", "Who we're looking for", "Benefits", "How to apply")
NEWS_HEADINGS: Final = ("What's changing", "Why it matters", "What happens next", "Get involved")
NEWS_TITLES: Final = (
    "New {adjective} {noun} for {people}",
    "{adjective2} {noun} goes live after {number} weeks",
    "£{number} million for {adjective} {noun}s",
    "How a small team rebuilt a {noun}",
    "{number} digital posts to {verb} a {noun}",
)
