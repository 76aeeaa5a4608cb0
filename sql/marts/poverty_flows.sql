-- Movement of poor and near-poor households and persons, for the city and each district.
-- grain:  one row per quarter, area_code, flow
-- inputs: staging.areas, staging.poverty_movements, raw.measures, intermediate.area_measures
-- units:  households, persons; changes since 1 January; null = no return; areas_reported of
--         areas_expected are districts for the city, communes for a district
-- source: national forms on the movement of poor and near-poor households

with movements as (
    select movements.*
    from staging.poverty_movements as movements
    inner join raw.measures as measures on movements.flow || '_households' = measures.code
    where movements.role in ('opening', 'change', 'closing')
),

communes as (
    select
        quarter,
        district_code,
        count(*) as communes_expected
    from staging.areas
    where area_level = 'commune'
    group by quarter, district_code
),

district_flows as (
    select
        areas.quarter,
        areas.area_code,
        movements.flow,
        households.value as households,
        persons.value as persons,
        coalesce(households.communes_reported, 0) as communes_reported,
        coalesce(communes.communes_expected, 0) as communes_expected,
        case when households.state = 'value' then 1 else 0 end as is_reported
    from staging.areas as areas
    cross join movements
    left join communes
        on
            areas.quarter = communes.quarter
            and areas.area_code = communes.district_code
    left join intermediate.area_measures as households
        on
            areas.quarter = households.quarter
            and areas.area_code = households.area_code
            and movements.flow || '_households' = households.measure
            and households.series = 'actual'
    left join intermediate.area_measures as persons
        on
            areas.quarter = persons.quarter
            and areas.area_code = persons.area_code
            and movements.flow || '_persons' = persons.measure
            and persons.series = 'actual'
    where areas.area_level = 'district'
),

flows as (
    select
        quarter,
        area_code,
        flow,
        households,
        persons,
        communes_reported as areas_reported,
        communes_expected as areas_expected
    from district_flows
    union all
    select
        district_flows.quarter,
        cities.area_code,
        district_flows.flow,
        sum(district_flows.households) as households,
        sum(district_flows.persons) as persons,
        sum(district_flows.is_reported) as areas_reported,
        count(*) as areas_expected
    from district_flows
    inner join staging.areas as cities
        on
            district_flows.quarter = cities.quarter
            and cities.area_level = 'city'
    group by district_flows.quarter, cities.area_code, district_flows.flow
),

-- a sum with a part missing is missing, not smaller
changes as (
    select
        flows.quarter,
        flows.area_code,
        movements.class,
        count(flows.households) = count(*) as has_households,
        count(flows.persons) = count(*) as has_persons,
        sum(case when movements.sign < 0 then flows.households end) as households_out,
        sum(case when movements.sign > 0 then flows.households end) as households_in,
        sum(case when movements.sign < 0 then flows.persons end) as persons_out,
        sum(case when movements.sign > 0 then flows.persons end) as persons_in,
        min(flows.areas_reported) as areas_reported,
        max(flows.areas_expected) as areas_expected
    from flows
    inner join movements on flows.flow = movements.flow
    where movements.role = 'change'
    group by flows.quarter, flows.area_code, movements.class
),

all_flows as (
    select * from flows
    union all
    select
        changes.quarter,
        changes.area_code,
        summaries.flow,
        case
            when not changes.has_households then null
            when summaries.role = 'gross_decrease' then changes.households_out
            when summaries.role = 'gross_increase' then changes.households_in
            else changes.households_in - changes.households_out
        end as households,
        case
            when not changes.has_persons then null
            when summaries.role = 'gross_decrease' then changes.persons_out
            when summaries.role = 'gross_increase' then changes.persons_in
            else changes.persons_in - changes.persons_out
        end as persons,
        changes.areas_reported,
        changes.areas_expected
    from changes
    inner join staging.poverty_movements as summaries
        on
            changes.class = summaries.class
            and summaries.role in ('gross_decrease', 'gross_increase', 'net')
)

select
    all_flows.quarter,
    all_flows.area_code,
    all_flows.flow,
    movements.class,
    movements.flow_print,
    movements.role,
    movements.sign,
    movements.sort,
    all_flows.households,
    all_flows.persons,
    cast(all_flows.areas_reported as integer) as areas_reported,
    cast(all_flows.areas_expected as integer) as areas_expected
from all_flows
inner join staging.poverty_movements as movements on all_flows.flow = movements.flow
order by all_flows.quarter, all_flows.area_code, all_flows.flow
