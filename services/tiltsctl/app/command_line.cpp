#include "tiltsctl/app/command_line.hpp"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <memory>
#include <ostream>

#include "tiltsctl/adapters/connection.hpp"
#include "tiltsctl/app/audit_command.hpp"
#include "tiltsctl/app/case_commands.hpp"
#include "tiltsctl/app/completion.hpp"
#include "tiltsctl/app/dead_letter_commands.hpp"
#include "tiltsctl/app/delivery_commands.hpp"
#include "tiltsctl/app/doctor_command.hpp"
#include "tiltsctl/app/rebuild_command.hpp"
#include "tiltsctl/app/referral_commands.hpp"
#include "tiltsctl/app/session.hpp"
#include "tiltsctl/app/status_command.hpp"

namespace tilts::tiltsctl {
namespace {

// What the words said. Options live here because CLI11 writes into them.
struct Choice {
  Overrides overrides;
  bool json = false;
  bool completion = false;
  double patience_seconds = 10;
  std::string id;
  std::string service;
  std::string state;
  ReferralFilter referrals;
  AuditOptions audit;
  RebuildOptions rebuild;
  std::map<std::string, std::string> fields;
  Command command;
};

CLI::App* Group(CLI::App& app, const std::string& name, const std::string& help) {
  CLI::App* group = app.add_subcommand(name, help);
  group->require_subcommand(1);
  return group;
}

void AddCase(CLI::App& app, Choice& choice) {
  CLI::App* group = Group(app, "case", "cases");
  CLI::App* show = group->add_subcommand("show", "one case, as the register shows it to you");
  CLI::App* explain = group->add_subcommand("explain", "which routing rules matched and why");
  for (CLI::App* command : {show, explain}) command->add_option("case_id", choice.id)->required();
  show->callback([&] { choice.command = [&](Session& session) { return ShowCase(session, choice.id); }; });
  explain->callback([&] { choice.command = [&](Session& session) { return ExplainCase(session, choice.id); }; });
}

std::string OptionName(std::string field) {
  std::replace(field.begin(), field.end(), '_', '-');
  return "--" + field;
}

void AddMoves(CLI::App& group, Choice& choice) {
  for (const Move& move : Moves()) {
    CLI::App* command = group.add_subcommand(move.verb, "make this move");
    command->add_option("referral_id", choice.id)->required();
    for (const std::string& field : move.options) {
      command->add_option_function<std::string>(
          OptionName(field), [&choice, field](const std::string& text) { choice.fields[field] = text; },
          OptionHelp(move, field));
    }
    command->callback([&choice, &move] {
      choice.command = [&choice, &move](Session& session) { return MakeMove(session, move, choice.id, choice.fields); };
    });
  }
}

void AddReferral(CLI::App& app, Choice& choice) {
  CLI::App* group = Group(app, "referral", "referrals and the moves on them");
  CLI::App* list = group->add_subcommand("list", "yours, most urgent first");
  list->add_option("--state", choice.referrals.state, "only in this state");
  list->add_option("--case", choice.referrals.case_id, "only of this case");
  list->add_flag("--open", choice.referrals.only_open, "only what has not ended");
  list->add_flag("--as-requester", choice.referrals.as_requester, "those you sent");
  list->callback([&] { choice.command = [&](Session& session) { return ListReferrals(session, choice.referrals); }; });
  CLI::App* show = group->add_subcommand("show", "one referral, as you may see it");
  show->add_option("referral_id", choice.id)->required();
  show->callback([&] { choice.command = [&](Session& session) { return ShowReferral(session, choice.id); }; });
  AddMoves(*group, choice);
}

void AddDelivery(CLI::App& app, Choice& choice) {
  CLI::App* group = Group(app, "delivery", "webhook deliveries");
  CLI::App* list = group->add_subcommand("list", "oldest first");
  list->add_option("--state", choice.state, "pending, delivered or parked");
  list->callback([&] { choice.command = [&](Session& session) { return ListDeliveries(session, choice.state); }; });
  CLI::App* redrive = group->add_subcommand("redrive", "try a parked delivery again");
  redrive->add_option("delivery_id", choice.id)->required();
  redrive->callback([&] { choice.command = [&](Session& session) { return RedriveDelivery(session, choice.id); }; });
}

void AddDeadLetters(CLI::App& app, Choice& choice) {
  CLI::App* group = Group(app, "dlq", "records that could not be processed");
  CLI::App* list = group->add_subcommand("list", "what is parked");
  list->add_option("--service", choice.service, "only of this service");
  list->callback([&] { choice.command = [&](Session& session) { return ListDeadLetters(session, choice.service); }; });
  CLI::App* show = group->add_subcommand("show", "one of them");
  CLI::App* redrive = group->add_subcommand("redrive", "process its aggregate's records again, in order");
  for (CLI::App* command : {show, redrive}) command->add_option("service", choice.service)->required();
  show->add_option("dead_letter_id", choice.id)->required();
  redrive->add_option("dead_letter_id", choice.id, "or all")->required();
  show->callback(
      [&] { choice.command = [&](Session& session) { return ShowDeadLetter(session, choice.service, choice.id); }; });
  redrive->callback([&] {
    choice.command = [&](Session& session) { return RedriveDeadLetter(session, choice.service, choice.id); };
  });
}

void AddAudit(CLI::App& app, Choice& choice) {
  CLI::App* verify = Group(app, "audit", "the tamper-evident log")
                         ->add_subcommand("verify", "names the first wrong record of each chain");
  verify->add_option("--witness", choice.audit.witness_file, "file of signed checkpoints kept outside the database");
  verify->add_option("--public-key", choice.audit.public_key_files,
                     "key that signs checkpoints; several after a rotation");
  verify->callback([&] { choice.command = [&](Session& session) { return VerifyAudit(session, choice.audit); }; });
}

void AddRebuild(CLI::App& app, Choice& choice) {
  CLI::App* rebuild = app.add_subcommand("rebuild", "derived state made anew from the log, and compared");
  rebuild->add_option("what", choice.rebuild.what, "risk or indicators")
      ->required()
      ->check(CLI::IsMember({"risk", "indicators"}));
  CLI::Option* verify = rebuild->add_flag("--verify")->description("only compare");
  CLI::Option* apply = rebuild->add_flag("--apply", choice.rebuild.apply, "then put the rebuilt state in its place");
  verify->excludes(apply);
  rebuild->callback([&choice, verify, apply] {
    if (verify->count() + apply->count() == 0) throw CLI::RequiredError("--verify or --apply");
    choice.command = [&choice](Session& session) { return Rebuild(session, choice.rebuild); };
  });
}

void AddAll(CLI::App& app, Choice& choice) {
  app.require_subcommand(1);
  app.fallthrough();
  app.add_option("--config", choice.overrides.config_file, "client configuration; else TILTS_CLIENT_CONFIG");
  app.add_option("--key-file", choice.overrides.key_file,
                 "API key; else TILTS_KEY, TILTS_KEY_FILE or the configuration");
  app.add_option("--institution", choice.overrides.institution, "whom to act for; else TILTS_INSTITUTION");
  app.add_flag("--json", choice.json, "print JSON");
  CLI::App* status = app.add_subcommand("status", "every service on one screen");
  status->callback([&] { choice.command = ShowStatus; });
  CLI::App* doctor = app.add_subcommand("doctor", "which hop is stuck, and the safe next command");
  doctor->add_option("--patience", choice.patience_seconds, "seconds between the two looks at what waits")
      ->check(CLI::Range(0.1, 600.0));
  doctor->callback([&] {
    const std::chrono::milliseconds patience(static_cast<int>(choice.patience_seconds * 1000));
    choice.command = [patience](Session& session) { return ShowDiagnosis(session, patience); };
  });
  AddCase(app, choice);
  AddReferral(app, choice);
  AddDelivery(app, choice);
  AddDeadLetters(app, choice);
  AddAudit(app, choice);
  AddRebuild(app, choice);
  CLI::App* completion =
      Group(app, "completion", "shell completion")->add_subcommand("bash", "for: source <(tiltsctl completion bash)");
  completion->callback([&] { choice.completion = true; });
}

// CLI11 keeps its commands as a tree; the completion wants words per path.
void Collect(const CLI::App& app, const std::string& path, CompletionWords& words) {
  std::vector<std::string>& here = words[path];
  for (const CLI::App* child : app.get_subcommands([](const CLI::App*) { return true; })) {
    here.push_back(child->get_name());
    Collect(*child, path.empty() ? child->get_name() : path + " " + child->get_name(), words);
  }
  for (const CLI::Option* option : app.get_options()) {
    for (const std::string& name : option->get_lnames()) here.push_back("--" + name);
  }
}

core::Result<int> Execute(const Choice& choice, const std::map<std::string, std::string>& environment,
                          std::ostream& out, std::ostream& err, bool progress) {
  TILTS_ASSIGN(Settings settings, LoadSettings(choice.overrides, environment));
  Connection connection(std::move(settings));
  Session session{connection, choice.json, progress, out, err};
  return choice.command(session);
}

}  // namespace

int RunCommandLine(const std::vector<std::string>& words, const std::map<std::string, std::string>& environment,
                   std::ostream& out, std::ostream& err, bool progress) {
  CLI::App app("Tilts for operators and integrators", "tiltsctl");
  Choice choice;
  AddAll(app, choice);
  try {
    app.parse(std::vector<std::string>(words.rbegin(), words.rend()));  // CLI11 takes them last first
  } catch (const CLI::ParseError& error) {
    return app.exit(error, out, err) == 0 ? kDone : kUsage;
  }
  if (choice.completion) {
    CompletionWords all;
    Collect(app, "", all);
    PrintBashCompletion(all, out);
    return kDone;
  }
  const auto code = Execute(choice, environment, out, err, progress);
  return code ? *code : Complain(err, code.error());
}

}  // namespace tilts::tiltsctl
