"""Every SQL statement of the site; parameters are named, nothing is ever pasted in."""

from __future__ import annotations

from typing import Final

RELEASE: Final = "SELECT item, value FROM release"
CATEGORIES: Final = "SELECT * FROM category ORDER BY code"
CLASSES: Final = "SELECT * FROM class ORDER BY code"
TYPES: Final = "SELECT * FROM facility_type ORDER BY code"
DEPARTMENTS: Final = "SELECT * FROM department ORDER BY code"
DIVISIONS: Final = "SELECT * FROM division ORDER BY code"
CAPABILITIES: Final = "SELECT * FROM capability ORDER BY code"
STANDARDS: Final = "SELECT * FROM standard ORDER BY code"
SCHEMES: Final = "SELECT * FROM identifier_scheme ORDER BY code"
OUTLINES: Final = "SELECT county_code, geometry FROM outline ORDER BY county_code"
PLANS: Final = "SELECT * FROM plan ORDER BY code"
INDICATORS: Final = "SELECT * FROM indicator ORDER BY plan_code, section, number, part"
POPULATION_GROUPS: Final = "SELECT * FROM population_group"
BANDS: Final = "SELECT * FROM policy WHERE code GLOB 'warning.band.*'"
NEIGHBOURS: Final = "SELECT county_code, neighbour_code FROM neighbour"
FIELDS: Final = "SELECT * FROM field ORDER BY place"
TYPE_FIELDS: Final = "SELECT * FROM type_field"
RULES: Final = "SELECT * FROM rule ORDER BY id"
VALUE_LABELS: Final = "SELECT * FROM value_label"
TOTALS: Final = "SELECT type_code, county_code, status, facilities FROM total"

FACILITY: Final = "SELECT * FROM facility WHERE code = :code"

READINGS: Final = (
    "SELECT capability_code, value, as_of, confirmed_on FROM capability_value WHERE code = :code"
)

IDENTIFIERS: Final = "SELECT scheme_code, value FROM identifier WHERE code = :code"

OF_TOWNSHIP: Final = """
    SELECT type_code, status, count(*) AS facilities FROM facility
    WHERE township_code = :code GROUP BY type_code, status
"""

VILLAGES: Final = """
    SELECT division_code AS code, count(*) AS facilities FROM facility
    WHERE township_code = :code AND status IN (SELECT value FROM json_each(:statuses))
    GROUP BY division_code
"""

OF_VILLAGE: Final = """
    SELECT type_code, status, count(*) AS facilities FROM facility
    WHERE division_code = :code GROUP BY type_code, status
"""

TOWNSHIPS: Final = """
    SELECT township_code AS code, count(*) AS facilities FROM facility
    WHERE county_code = :code AND status IN (SELECT value FROM json_each(:statuses))
    GROUP BY township_code
"""

POPULATION: Final = """
    SELECT * FROM population WHERE division_code = :code
    ORDER BY area, group_code, preferred = '是' DESC, is_projection = '是', year DESC, source
"""

POPULATION_APART: Final = """
    SELECT * FROM population WHERE area_county_code = :code ORDER BY area, group_code, year DESC
"""

FIGURES: Final = """
    SELECT * FROM indicator_figure WHERE indicator_code = :code ORDER BY column_year, role
"""

FIGURES_OF_PLAN: Final = """
    SELECT indicator_figure.* FROM indicator_figure
    JOIN indicator ON indicator.code = indicator_code
    WHERE plan_code = :plan AND role = 'target' ORDER BY indicator_code, column_year
"""

RESULTS: Final = """
    SELECT * FROM indicator_result WHERE indicator_code = :code ORDER BY division_code, year
"""

RESULTS_OF_DIVISION: Final = """
    SELECT * FROM indicator_result WHERE division_code = :code ORDER BY indicator_code, year
"""

RESULTS_OF_COUNTIES: Final = """
    SELECT * FROM indicator_result WHERE indicator_code = :code AND level = 'county'
    ORDER BY division_code, year
"""

ON_MAP: Final = """
    SELECT DISTINCT indicator_code FROM indicator_result
    WHERE level = 'county' AND value IS NOT NULL
"""

HISTORY: Final = "SELECT * FROM history WHERE code = :code ORDER BY valid_from"

PREDECESSORS: Final = """
    SELECT succession.kind, succession.effective_on, facility.code, facility.name, facility.status
    FROM succession JOIN facility ON facility.code = succession.predecessor_code
    WHERE succession.successor_code = :code ORDER BY effective_on, facility.code
"""

SUCCESSORS: Final = """
    SELECT succession.kind, succession.effective_on, facility.code, facility.name, facility.status
    FROM succession JOIN facility ON facility.code = succession.successor_code
    WHERE succession.predecessor_code = :code ORDER BY effective_on, facility.code
"""

STANDING: Final = """
    WITH RECURSIVE chain(code) AS (
        SELECT :code
        UNION
        SELECT successor_code FROM succession JOIN chain ON predecessor_code = chain.code
    )
    SELECT facility.code, facility.name FROM chain JOIN facility USING (code)
    WHERE NOT EXISTS (SELECT 1 FROM succession WHERE predecessor_code = chain.code)
    ORDER BY facility.code
"""
"""The last facilities of the chain that begins at a code: itself when nothing followed."""

LISTED: Final = (
    "SELECT code, name, status, category_code, type_code, county_code, township_code,"
    " division_code, address, operator_name, grade FROM facility "
)

OF_TYPE: Final = f"""
    {LISTED} WHERE type_code = :type_code
      AND (:county_code = '' OR county_code = :county_code)
      AND status IN (SELECT value FROM json_each(:statuses))
    ORDER BY county_code, rowid LIMIT :limit OFFSET :offset
"""  # noqa: S608

AND_OTHERS: Final = """
    AND (:others = '' OR facility.rowid IN
        (SELECT rowid FROM text_index WHERE text_index MATCH :others))
"""
"""The other parts of the query, where there are any."""

BY_CODE_START: Final = f"""
    {LISTED} WHERE code >= :part AND code < :after {AND_OTHERS} ORDER BY code LIMIT :limit
"""

FIRST_CODE: Final = """
    SELECT code FROM facility WHERE status IN (SELECT value FROM json_each(:statuses))
    ORDER BY code LIMIT 1
"""

CODE_STARTS: Final = """
    WITH RECURSIVE start(part) AS (
        SELECT substr(min(code), 1, :length) FROM facility
        UNION ALL
        SELECT (SELECT substr(min(code), 1, :length) FROM facility WHERE code > part || :last)
        FROM start WHERE part IS NOT NULL
    )
    SELECT part FROM start WHERE part IS NOT NULL
"""
"""What codes begin with, up to the serial number: one step in the index for each."""

BY_CODE_RANGES: Final = f"""
    {LISTED.replace("facility ", "json_each(:ranges) AS span JOIN facility")}
    ON code >= json_extract(span.value, '$[0]') AND code < json_extract(span.value, '$[1]')
    WHERE true {AND_OTHERS} LIMIT :limit
"""

BY_CODE_TAIL: Final = f"""
    {LISTED}
    WHERE rowid IN (SELECT rowid FROM code_index WHERE code_index MATCH :match)
      AND instr(substr(code, -:tail), :part) > 0 {AND_OTHERS}
    LIMIT :limit
"""  # noqa: S608

BY_NUMBER: Final = f"""
    {LISTED} WHERE code IN (
        SELECT code FROM identifier
        WHERE scheme_code IN (SELECT code FROM identifier_scheme)
          AND value IN (SELECT value FROM json_each(:numbers))
        UNION SELECT code FROM facility
        WHERE operator_uscc IN (SELECT value FROM json_each(:numbers))
    ) LIMIT :limit
"""  # noqa: S608

BY_INITIALS: Final = f"""
    {LISTED} WHERE rowid IN
        (SELECT rowid FROM initials_index WHERE initials_index MATCH :match LIMIT :limit)
"""  # noqa: S608

NEAR: Final = f"""
    {LISTED} WHERE code IN (SELECT value FROM json_each(:codes)) AND name IS NOT NULL
    ORDER BY code
"""  # noqa: S608

GRADED: Final = """
    SELECT count(*) AS facilities, count(grade) AS graded FROM facility
    WHERE type_code IN (SELECT value FROM json_each(:types))
        AND status IN (SELECT value FROM json_each(:statuses))
"""

FORMER_NAMES: Final = """
    SELECT DISTINCT history.code, history.name FROM history JOIN facility USING (code)
    WHERE history.code IN (SELECT value FROM json_each(:codes)) AND history.name <> facility.name
    ORDER BY history.code, history.valid_from
"""

BY_NAME_START: Final = f"{LISTED} WHERE name >= :part AND name < :after ORDER BY name LIMIT :limit"

BY_NAME: Final = f"""
    {LISTED}
    WHERE rowid IN (SELECT rowid FROM name_index WHERE name_index MATCH :match LIMIT :limit)
"""  # noqa: S608

BY_TEXT: Final = f"""
    {LISTED}
    WHERE rowid IN (SELECT rowid FROM text_index WHERE text_index MATCH :match LIMIT :limit)
"""  # noqa: S608

CHECKED: Final = """
    SELECT code, name, status FROM facility WHERE code IN (SELECT value FROM json_each(:codes))
"""

CHECKED_STANDING: Final = """
    WITH RECURSIVE chain(start, code) AS (
        SELECT value, value FROM json_each(:codes)
        UNION
        SELECT start, successor_code FROM succession JOIN chain ON predecessor_code = chain.code
    )
    SELECT start, facility.code, facility.name FROM chain JOIN facility USING (code)
    WHERE NOT EXISTS (SELECT 1 FROM succession WHERE predecessor_code = chain.code)
    ORDER BY start, facility.code
"""
"""For every code of a list, what stands there now."""

SUGGESTED: Final = """
    SELECT DISTINCT name FROM facility WHERE name >= :part AND name < :after
    ORDER BY name LIMIT :limit
"""

SUGGESTED_INITIALS: Final = """
    SELECT DISTINCT name FROM (
        SELECT name FROM facility WHERE rowid IN
            (SELECT rowid FROM initials_index WHERE initials_index MATCH :match LIMIT :limit)
    ) ORDER BY length(name), name
"""

SUGGESTED_WITHIN: Final = """
    SELECT DISTINCT name FROM (
        SELECT name FROM facility
        WHERE rowid IN (SELECT rowid FROM name_index WHERE name_index MATCH :match LIMIT :limit)
    ) ORDER BY length(name), name
"""

NARROWED: Final = (
    "facility.rowid IN (SELECT rowid FROM name_index WHERE name_index MATCH :narrowed)"
)
"""A condition that a table page may add to its own."""

ANSWERS: Final = """
    SELECT * FROM opinion_answer
    WHERE about_kind = :kind AND (:code IS NULL OR about_code = :code)
    ORDER BY answered_on DESC, id DESC
"""

POINTS: Final = """
    SELECT rowid, longitude, latitude, category_code, class_code, county_code, type_code
    FROM facility WHERE status IN (SELECT value FROM json_each(:statuses)) ORDER BY rowid
"""

OF_ROWS: Final = f"""
    {LISTED.replace(" FROM", ", longitude, latitude, rowid FROM")}
    WHERE rowid IN (SELECT value FROM json_each(:numbers)) ORDER BY rowid
"""  # noqa: S608

_OF_CONCERN: Final = """
    FROM facility WHERE type_code IN (SELECT value FROM json_each(:types)) AND status = :status
      AND county_code IN (SELECT value FROM json_each(:counties))
      AND (:township = '' OR township_code = :township)
"""

CONCERNED_COUNT: Final = f"SELECT count(*) AS facilities {_OF_CONCERN}"

CONCERNED: Final = f"""
    {LISTED.removesuffix("FROM facility ")}, inclusive, ownership, accessible, as_of
    {_OF_CONCERN} ORDER BY type_code, county_code, rowid LIMIT :limit OFFSET :offset
"""
"""What operates and is of the types that a formula looks at."""

READINGS_OF: Final = """
    SELECT code, capability_code, value, as_of FROM capability_value
    WHERE code IN (SELECT value FROM json_each(:codes))
      AND capability_code IN (SELECT value FROM json_each(:capabilities))
"""

NUMBERED_OF: Final = """
    SELECT code, scheme_code FROM identifier WHERE code IN (SELECT value FROM json_each(:codes))
"""
