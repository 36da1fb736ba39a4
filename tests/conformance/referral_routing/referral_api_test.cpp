#include "routing_fixture.hpp"

namespace tilts::referral_routing {
namespace {

class ReferralApiTest : public RoutingTest {
 protected:
  void SetUp() override {
    RoutingTest::SetUp();
    if (HasFatalFailure()) return;
    ASSERT_TRUE(Open("c-1", UnsafeHome()));
    centre_ = Find("c-1", "SAFE_SHELTER");
    court_ = Find("c-1", "CUSTODY_CHECK");
  }
  core::Result<referrals::v1::Referral> Get(const std::string& institution, const Referral& referral) const {
    return api_->Get(As(institution), referral.id.value());
  }
  static MoveRequest Plain(Move move) {
    MoveRequest request;
    request.move = move;
    request.role = "duty-officer";
    request.outcome = move == Move::kComplete ? Outcome::kHelped : Outcome::kUnspecified;
    return request;
  }
  std::size_t Audits() const { return Emitted<audit::v1::AuditRecorded>().size(); }

  Referral centre_;
  Referral court_;
};

TEST_F(ReferralApiTest, PreviewThenFileThenStub) {
  const auto preview = Get("court", court_);
  ASSERT_TRUE(preview);
  EXPECT_EQ(preview->view(), kPreview);
  EXPECT_EQ(preview->case_view().facts().age_years(), 12U);
  EXPECT_EQ(preview->case_view().people(0).given_name(), "");
  ASSERT_TRUE(Accept("court", court_.id.value()));
  const auto file = Get("court", court_);
  EXPECT_EQ(file->view(), kAccepted);
  EXPECT_EQ(file->case_view().people(0).given_name(), "GIVEN-NAME");
  EXPECT_EQ(file->case_view().reports(0).reporter_institution_id(), "");
  ASSERT_TRUE(Do("court", court_.id.value(), Plain(Move::kComplete), "RESULT-TEXT"));
  const auto stub = Get("court", court_);
  EXPECT_EQ(stub->view(), kStub);
  EXPECT_FALSE(stub->has_case_view());
  EXPECT_EQ(stub->result(), "");
  const auto requester = Get("school", court_);
  EXPECT_EQ(requester->view(), kRequester);
  EXPECT_EQ(requester->result(), "RESULT-TEXT");
  EXPECT_FALSE(requester->has_case_view());
}

TEST_F(ReferralApiTest, AForeignIdLooksLikeAnUnknownOne) {
  const auto unknown = api_->Get(As("ngo"), "no-such-referral");
  const auto foreign = Get("ngo", court_);
  EXPECT_EQ(foreign.error(), unknown.error());
  EXPECT_EQ(foreign.error().code, core::Errc::kNotFound);
  for (const Move move : {Move::kAcknowledge, Move::kAccept, Move::kCancel, Move::kComplete}) {
    EXPECT_EQ(Do("ngo", court_.id.value(), Plain(move), "why").error(), unknown.error());
  }
  referrals::v1::ExplainRoutingRequest explain;
  explain.set_case_id("c-1");
  const auto foreign_case = api_->Explain(As("ngo"), explain);
  explain.set_case_id("no-such-case");
  EXPECT_EQ(foreign_case.error(), api_->Explain(As("ngo"), explain).error());
  EXPECT_EQ(Find("c-1", "CUSTODY_CHECK").sequence, court_.sequence);
}

TEST_F(ReferralApiTest, ReadsAndWritesLeaveOneRecordEach) {
  const std::size_t before = Audits();
  ASSERT_TRUE(Get("court", court_));
  EXPECT_EQ(Audits(), before + 1);
  ASSERT_TRUE(Accept("court", court_.id.value()));
  EXPECT_EQ(Audits(), before + 2);
  EXPECT_FALSE(Get("ngo", court_));
  const auto records = Emitted<audit::v1::AuditRecorded>();
  ASSERT_EQ(records.size(), before + 3);
  EXPECT_FALSE(records.back().allowed());
  EXPECT_EQ(records[before].view(), kPreview);
  EXPECT_EQ(records[before].action(), audit::v1::AUDIT_ACTION_READ);
}

TEST_F(ReferralApiTest, NothingHappensWithoutItsAuditRecord) {
  ASSERT_TRUE(database_->Query("ALTER TABLE outbox ADD CHECK (topic <> 'tilts.audit.v1') NOT VALID"));
  EXPECT_FALSE(Get("court", court_).has_value());
  EXPECT_FALSE(Accept("court", court_.id.value()).has_value());
  EXPECT_EQ(Find("c-1", "CUSTODY_CHECK").state, ReferralState::kRequested);
}

TEST_F(ReferralApiTest, TheCaseRegisterMayBeDown) {
  views_.down = true;
  const auto shown = Get("court", court_);
  ASSERT_TRUE(shown);
  EXPECT_FALSE(shown->has_case_view());
  EXPECT_EQ(shown->facts().referral_id(), court_.id.value());
}

TEST_F(ReferralApiTest, AStaleEtagIsAConflict) {
  const auto read = Get("court", court_);
  ASSERT_TRUE(Do("court", court_.id.value(), Plain(Move::kAcknowledge), {}, read->etag()));
  const auto stale = Do("court", court_.id.value(), Plain(Move::kAccept), {}, read->etag());
  EXPECT_EQ(stale.error().reason, "ETAG_STALE");
  EXPECT_EQ(Find("c-1", "CUSTODY_CHECK").state, ReferralState::kReceived);
}

TEST_F(ReferralApiTest, TheSameRequestRepeatsItsAnswerAndAnotherBodyIsRefused) {
  referrals::v1::AcceptReferralRequest body;
  body.set_request_id("request-1");
  body.set_role("duty-officer");
  const MoveCall move{"request-1", court_.id.value(), "", "", Plain(Move::kAccept), body};
  const auto first = api_->Move(As("court"), move);
  ASSERT_TRUE(first);
  ASSERT_TRUE(Do("court", court_.id.value(), Plain(Move::kStart)));
  const std::size_t audits = Audits();
  const auto again = api_->Move(As("court"), move);
  ASSERT_TRUE(again);
  EXPECT_EQ(again->SerializeAsString(), first->SerializeAsString());
  EXPECT_EQ(Audits(), audits);
  referrals::v1::AcceptReferralRequest other = body;
  other.set_role("another-role");
  EXPECT_EQ(
      api_->Move(As("court"), {"request-1", court_.id.value(), "", "", Plain(Move::kAccept), other}).error().reason,
      "IDEMPOTENCY_BODY");
}

TEST_F(ReferralApiTest, RejectedAtCapacityGoesToTheNextInTheSameStep) {
  ASSERT_TRUE(Reject("centre-1", centre_.id.value(), RejectReason::kAtCapacity));
  const Referral next = Find("c-1", "SAFE_SHELTER");
  EXPECT_EQ(next.recipient.value(), "centre-2");
  EXPECT_EQ(next.replaced, centre_.id);
  ASSERT_TRUE(Reject("centre-2", next.id.value(), RejectReason::kAtCapacity));
  EXPECT_EQ(Find("c-1", "TASK_SAFE_SHELTER").recipient.value(), "school");
  const auto exhausted = Emitted<referrals::v1::RoutingExhausted>();
  ASSERT_EQ(exhausted.size(), 1U);
  EXPECT_EQ(exhausted[0].last().referral_id(), next.id.value());
  EXPECT_EQ(Reject("court", court_.id.value(), RejectReason::kAtCapacity).error().reason, "CAPACITY_NOT_ALLOWED");
}

TEST_F(ReferralApiTest, MovesBelongToTheirParty) {
  EXPECT_EQ(Do("school", court_.id.value(), Plain(Move::kAccept)).error().reason, "MOVE_NOT_YOURS");
  ASSERT_TRUE(Do("school", court_.id.value(), Plain(Move::kCancel), "not needed"));
  EXPECT_EQ(Find("c-1", "CUSTODY_CHECK").state, ReferralState::kCancelled);
}

TEST_F(ReferralApiTest, ListsAreOwnMostUrgentFirstAndPaged) {
  ASSERT_TRUE(Open("c-2", FamilyViolence(), "child-2"));
  ASSERT_TRUE(Open("c-3", Motivation(), "child-3"));
  referrals::v1::ListReferralsRequest request;
  request.set_as_requester(true);
  request.set_page_size(2);
  std::vector<std::string> ids;
  int last_urgency = 3;
  do {
    const auto page = api_->List(As("school"), request);
    ASSERT_TRUE(page);
    for (const auto& referral : page->referrals()) {
      ids.push_back(referral.facts().referral_id());
      EXPECT_LE(referral.facts().urgency(), last_urgency);
      last_urgency = referral.facts().urgency();
      EXPECT_FALSE(referral.has_case_view());
    }
    request.set_page_token(page->next_page_token());
  } while (!request.page_token().empty());
  EXPECT_EQ(ids.size(), 6U);
  EXPECT_EQ(std::set<std::string>(ids.begin(), ids.end()).size(), 6U);
  request.Clear();
  EXPECT_EQ(api_->List(As("ngo"), request)->referrals_size(), 0);
  request.set_page_token("nonsense");
  EXPECT_EQ(api_->List(As("school"), request).error().reason, "PAGE_TOKEN");
}

TEST_F(ReferralApiTest, ExplainsToTheCoordinatorWhyTheCaseWentWhere) {
  referrals::v1::ExplainRoutingRequest request;
  request.set_case_id("c-1");
  const auto explained = api_->Explain(As("school"), request);
  ASSERT_TRUE(explained);
  EXPECT_EQ(explained->rule_set_hash(), data_.hash);
  std::map<std::string, referrals::v1::RuleExplanation> rules;
  for (const auto& rule : explained->rules()) rules[rule.rule_id()] = rule;
  EXPECT_TRUE(rules["family-violence"].matched());
  EXPECT_EQ(rules["family-violence"].referral_ids_size(), 2);
  EXPECT_FALSE(rules["motivation"].matched());
  EXPECT_EQ(rules["motivation"].reason(), "stream");
  EXPECT_EQ(rules["catch-all"].reason(), "another rule matched");
}

}  // namespace
}  // namespace tilts::referral_routing
