"""The boards, in the order an operator opens them."""
from board import BYTES, ITEMS, PER_SECOND, RATIO, SECONDS, Board, figure, lines, quantile

OVERVIEW = Board("tilts-overview", "Main job", {
    "Is it well": [
        figure("Services that take work", ITEMS, "sum(tilts_service_ready)", runbook="service-not-ready"),
        figure("Stores away", ITEMS, "count(tilts_store_reachable == 0) or vector(0)", runbook="store-unreachable", limit=1),
        figure("Imminent danger unacknowledged", ITEMS, "sum(tilts_referrals_imminent_unacknowledged)",
               runbook="imminent-unacknowledged", limit=1),
        figure("Deliveries parked", ITEMS, "sum(tilts_notification_parked_deliveries)", runbook="delivery-parked", limit=1),
        figure("Dead letters", ITEMS, "sum(tilts_events_dead_letters_rows)", runbook="dead-letter", limit=1),
        figure("Audit chains broken", ITEMS, "sum(tilts_audit_broken_chains)", runbook="audit-chain-broken", limit=1),
    ],
    "The canary": [
        lines("Canary, door to audit chain", SECONDS, ("tilts_canary_journey_seconds", "journey"), runbook="canary-missing",
              says="the whole way of a call: door, service, outbox, log, chain"),
        lines("Since the last canary arrived", SECONDS, ("time() - tilts_canary_last_success_seconds", "age"),
              runbook="canary-missing", limit=300),
    ],
    "From report to receiver": [
        lines("Reports", PER_SECOND, ("sum by (outcome) (rate(tilts_intake_reports_total[5m]))", "{{outcome}}")),
        lines("Records behind the log", ITEMS, ("tilts_kafka_consumer_lag_messages", "{{job}}"), runbook="consumer-lag"),
        lines("Oldest record waits", SECONDS, ("tilts_kafka_consumer_lag_seconds", "{{job}}"), runbook="consumer-lag", limit=60),
        lines("Oldest event in an outbox", SECONDS, ("tilts_outbox_oldest_seconds", "{{job}}"), runbook="outbox-stuck", limit=60),
        lines("Delivery attempts", PER_SECOND,
              ("sum by (outcome) (rate(tilts_notification_attempts_total[5m]))", "{{outcome}}"), runbook="delivered-in-time"),
        lines("Oldest undone item", SECONDS, ("tilts_work_oldest_seconds", "{{job}}"), runbook="oldest-undone", limit=3600),
    ],
})

REFERRALS = Board("tilts-referrals", "Referrals in time", {
    "Promise: 95 % of first answers in time": [
        lines("Ran out of time, of all in a day", RATIO, ("institution_kind:tilts_answers_missed:ratio_increase1d or "
              "0 * sum by (institution_kind) (tilts_referrals_open)", "{{institution_kind}}"), runbook="answered-in-time", limit=0.05),
        lines("Burn rate, 2 hours and 1 day", ITEMS,
              ("(institution_kind:tilts_answers_missed:ratio_increase2h or 0 * sum by (institution_kind) (tilts_referrals_open)) / 0.05",
               "{{institution_kind}} 2h"),
              ("(institution_kind:tilts_answers_missed:ratio_increase1d or 0 * sum by (institution_kind) (tilts_referrals_open)) / 0.05",
               "{{institution_kind}} 1d"),
              says="1 spends the promise exactly as fast as it lasts; 6 wakes somebody", runbook="answered-in-time", limit=6),
        lines("Answers and times that ran out", PER_SECOND,
              ("sum by (institution_kind, outcome) (rate(tilts_referrals_answers_total[1h]))", "{{institution_kind}} {{outcome}}")),
    ],
    "Promise: 99 % of deliveries in time": [
        lines("Late deliveries", RATIO, ("urgency:tilts_deliveries_late:ratio_rate1h or "
              "0 * sum by (urgency) (tilts_notification_delivery_seconds_count)", "{{urgency}}"), runbook="delivered-in-time", limit=0.01),
        lines("Deliveries by how long they took", PER_SECOND,
              ("sum by (urgency, le) (rate(tilts_notification_delivery_seconds_bucket[1h]))", "{{urgency}} within {{le}} s")),
    ],
    "What is owed now": [
        lines("Open", ITEMS, ("sum by (institution_kind) (tilts_referrals_open)", "{{institution_kind}}")),
        lines("Overdue", ITEMS, ("sum by (institution_kind) (tilts_referrals_overdue)", "{{institution_kind}}")),
        lines("Due within 24 hours", ITEMS, ("sum by (institution_kind) (tilts_referrals_due_soon)", "{{institution_kind}}")),
        lines("Imminent danger, late by", SECONDS, ("tilts_referrals_imminent_late_seconds", "late"),
              runbook="imminent-unacknowledged", limit=1),
        lines("Rungs that are due and have not fired", ITEMS, ("tilts_routing_rungs_due", "due"), runbook="deadline-not-fired"),
        lines("Rungs fired", PER_SECOND, ("rate(tilts_routing_rungs_fired_total[5m])", "fired")),
    ],
})

INGEST = Board("tilts-ingest", "Ingest", {
    "The door": [
        lines("Requests by class of answer", PER_SECOND, ("sum by (code) (rate(tilts_http_requests_total[5m]))", "{{code}}")),
        lines("Share of 5xx", RATIO, ("job:tilts_http_errors:ratio_rate5m or 0 * sum by (job) (tilts_http_requests_total)", "{{job}}"),
              runbook="door-errors", limit=0.05),
        lines("Busiest methods", PER_SECOND, ("topk(10, sum by (rpc) (rate(tilts_http_requests_total[5m])))", "{{rpc}}")),
        lines("Time to answer", SECONDS, (quantile(0.5, "tilts_http_request_duration_seconds"), "median"),
              (quantile(0.99, "tilts_http_request_duration_seconds"), "99 %")),
        lines("Turned away by the limit", PER_SECOND, ("rate(tilts_gateway_rate_limited_total[5m])", "429"),
              ("rate(tilts_gateway_rate_unchecked_total[5m])", "passed unchecked: Redis away")),
    ],
    "What comes in": [
        lines("Facts", PER_SECOND, ("sum by (outcome) (rate(tilts_intake_facts_total[5m]))", "{{outcome}}")),
        lines("Reports", PER_SECOND, ("sum by (outcome) (rate(tilts_intake_reports_total[5m]))", "{{outcome}}")),
        lines("Held until the vault knows", PER_SECOND, ("rate(tilts_intake_held_reports_total[5m])", "reports held"),
              ("rate(tilts_intake_finished_reports_total[5m])", "reports finished"),
              ("rate(tilts_intake_resolved_facts_total[5m])", "facts resolved")),
    ],
})

SERVICE = Board("tilts-service", "One service", {
    "Work": [
        figure("Takes work", ITEMS, 'tilts_service_ready{job="$job"}', runbook="service-not-ready"),
        figure("Needs a person", ITEMS, 'tilts_work_faults_items{job="$job"}', runbook="fault", limit=1),
        lines("Calls", PER_SECOND, ('sum by (code) (rate(tilts_rpc_server_duration_seconds_count{job="$job"}[5m]))', "{{code}}")),
        lines("Time to answer", SECONDS,
              (quantile(0.5, "tilts_rpc_server_duration_seconds", where='{job="$job"}'), "median"),
              (quantile(0.99, "tilts_rpc_server_duration_seconds", where='{job="$job"}'), "99 %")),
        lines("Slowest methods, 99 %", SECONDS, ('topk(5, rpc:tilts_rpc_server_duration_seconds:p99_5m{job="$job"})', "{{rpc}}")),
        lines("Open calls and queue", ITEMS, ('tilts_rpc_server_open_calls{job="$job"}', "open calls"),
              ('tilts_executor_queued_tasks{job="$job"}', "queued {{executor}}"), ('tilts_work_due_items{job="$job"}', "due"),
              ('tilts_work_in_flight_items{job="$job"}', "at work")),
    ],
    "Machine": [
        lines("Memory", BYTES, ('tilts_process_resident_bytes{job="$job"}', "resident")),
        lines("Processors", ITEMS, ('rate(tilts_process_processor_seconds{job="$job"}[5m])', "in use")),
        lines("Open files", ITEMS, ('tilts_process_open_files{job="$job"}', "open")),
        lines("Clock skew", SECONDS, ('instance:tilts_clock_skew:seconds{job="$job"}', "off by"), runbook="clock-skew", limit=2),
    ],
}, per_service=True)

STORES = Board("tilts-stores", "Kafka, PostgreSQL, Redis", {
    "Do they answer": [
        lines("Reachable", ITEMS, ("tilts_store_reachable", "{{store}} from {{job}}"), runbook="store-unreachable"),
        lines("Time of a small question, 99 %", SECONDS,
              (quantile(0.99, "tilts_store_answer_seconds", by="store, job"), "{{store}} from {{job}}")),
    ],
    "Log": [
        lines("Lag", ITEMS, ("tilts_kafka_consumer_lag_messages", "{{job}}"), runbook="consumer-lag"),
        lines("Oldest unread record", SECONDS, ("tilts_kafka_consumer_lag_seconds", "{{job}}"), runbook="consumer-lag", limit=60),
        lines("Records by what became of them", PER_SECOND,
              ("sum by (job, outcome) (rate(tilts_events_handled_total[5m]))", "{{job}} {{outcome}}")),
        lines("Batches tried again, fenced, rewound", PER_SECOND, ("sum by (job) (rate(tilts_events_retries_total[5m]))", "{{job}} again"),
              ("sum by (job) (rate(tilts_events_fenced_total[5m]))", "{{job}} fenced"),
              ("sum by (job) (rate(tilts_events_rewinds_total[5m]))", "{{job}} rewound")),
        lines("Batch and transaction, 99 %", SECONDS, (quantile(0.99, "tilts_events_batch_duration_seconds", by="job"), "{{job}}")),
    ],
    "Outboxes": [
        lines("Rows that wait", ITEMS, ("tilts_outbox_rows", "{{job}}"), runbook="outbox-stuck"),
        lines("Oldest row", SECONDS, ("tilts_outbox_oldest_seconds", "{{job}}"), runbook="outbox-stuck", limit=60),
        lines("Published", PER_SECOND, ("sum by (job) (rate(tilts_outbox_published_total[5m]))", "{{job}}")),
        lines("Failures", PER_SECOND, ("sum by (job) (rate(tilts_outbox_failures_total[5m]))", "{{job}}")),
    ],
    "Proof": [
        lines("Entries verified again", PER_SECOND, ("rate(tilts_audit_verified_entries_total[5m])", "verified")),
        lines("Checkpoints", PER_SECOND, ("rate(tilts_audit_checkpoints_total[5m])", "signed"),
              ("rate(tilts_audit_checkpoint_failures_total[5m])", "failed"), runbook="audit-not-signed"),
        lines("Free on the witness's disk", RATIO, ("tilts_audit_witness_disk_free_ratio", "free"), runbook="disk-full"),
    ],
})

CITY = Board("tilts-city", "The city", {
    "Learners": [
        lines("Facts a school day brings", ITEMS, ("sum(increase(tilts_intake_facts_total[1d]))", "facts")),
        lines("Tier proposals", ITEMS, ("increase(tilts_intake_tier_proposals_total[1d])", "a day")),
        lines("Decisions of people", ITEMS, ("sum by (decision) (increase(tilts_intake_tier_decisions_total[1d]))", "{{decision}}")),
    ],
    "Children's cases": [
        lines("Reports", ITEMS, ("sum by (outcome) (increase(tilts_intake_reports_total[1d]))", "{{outcome}}")),
        lines("Owed by kind of institution", ITEMS, ("sum by (institution_kind) (tilts_referrals_open)", "{{institution_kind}}")),
        lines("First answers", ITEMS, ("sum by (institution_kind, outcome) (increase(tilts_referrals_answers_total[1d]))",
                                       "{{institution_kind}} {{outcome}}")),
    ],
    "Counted for the plan": [
        lines("Events counted", ITEMS, ('sum by (handler) (increase(tilts_events_handled_total{job="indicator_aggregation",'
                                        'outcome="handled"}[1d]))', "{{handler}}")),
        lines("Behind the log", SECONDS, ('tilts_kafka_consumer_lag_seconds{job="indicator_aggregation"}', "oldest"),
              says="published figures lag by this much", runbook="consumer-lag"),
    ],
})

BOARDS = (OVERVIEW, REFERRALS, INGEST, SERVICE, STORES, CITY)
SERVICES = ("gateway", "registry", "case_intake", "referral_routing", "notification", "audit", "risk_scoring",
            "indicator_aggregation")
