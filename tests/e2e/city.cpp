#include "city.hpp"

#include <absl/strings/str_cat.h>
#include <absl/strings/str_split.h>
#include <absl/strings/strip.h>
#include <signal.h>
#include <sys/wait.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <future>
#include <stdexcept>
#include <thread>

namespace tilts::e2e {
namespace {

std::string ReadFile(const std::string& path) {
  std::ifstream file(path);
  return {std::istreambuf_iterator<char>(file), {}};
}

std::string FirstWord(const std::string& path) {
  const std::string text = ReadFile(path);
  return text.substr(0, text.find_first_of(" \n"));
}

// Gone, or waiting to be reaped. While other threads of a killed process still end, its ports are taken.
bool HasDied(pid_t pid) {
  std::error_code gone;
  const std::filesystem::directory_iterator threads(absl::StrCat("/proc/", pid, "/task"), gone);
  if (gone) return true;
  return std::distance(begin(threads), end(threads)) <= 1 &&
         ReadFile(absl::StrCat("/proc/", pid, "/stat")).find(") Z ") != std::string::npos;
}

std::string Environment(const char* name, std::string otherwise) {
  const char* value = std::getenv(name);
  return value != nullptr ? value : std::move(otherwise);
}

}  // namespace

bool Eventually(const std::function<bool()>& predicate, std::chrono::milliseconds limit) {
  const auto end = std::chrono::steady_clock::now() + limit;
  while (!predicate()) {
    if (std::chrono::steady_clock::now() > end) return false;
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
  }
  return true;
}

City& City::Get() {
  static City city;
  return city;
}

City::City()
    : run_(absl::StrCat(Environment("TILTS_E2E_RUN", absl::StrCat(TILTS_BINARY_DIR, "/e2e-run")), "/",
                        program_invocation_short_name)),
      version_{Environment("TILTS_E2E_SOURCE", TILTS_SOURCE_DIR),
               Environment("TILTS_E2E_BINARIES", absl::StrCat(TILTS_BINARY_DIR, "/bin"))},
      client_(std::make_unique<http::HttpClient>(http::ClientOptions{.allow_private_networks = true})) {
  // Below the range that the kernel gives to outgoing connections.
  const std::string base = Environment("TILTS_E2E_PORT_BASE", "29000");
  RemoveLeftovers();
  Run(absl::StrCat("scripts/servers start --dir ", run_, " --port-base ", base));
  StartAll();
  const std::string text = ReadFile(run_ + "/servers.env");
  for (const std::string& line : std::vector<std::string>(absl::StrSplit(text, '\n'))) {
    const std::pair<std::string, std::string> setting = absl::StrSplit(line, absl::MaxSplits('=', 1));
    settings_[setting.first] = setting.second;
  }
  gateway_ = absl::StrCat("http://127.0.0.1:", std::stoi(settings_["TILTS_SERVERS_PORT_BASE"]) + 10);
  operator_ = {FirstWord(run_ + "/secrets/operator.key"), "tilts-operator"};
}

// Every program begins with an empty city. One that died left servers on the ports, and they are the same for all.
void City::RemoveLeftovers() {
  std::error_code none;
  for (const auto& run : std::filesystem::directory_iterator(std::filesystem::path(run_).parent_path(), none))
    if (std::filesystem::exists(run.path() / "servers.env")) Stop(run.path().string());
  std::filesystem::remove_all(std::filesystem::canonical(run_ + "/postgres", none), none);
  std::filesystem::remove_all(run_);
  std::filesystem::create_directories(run_);
}

// After the last test nobody can fail any more: what goes wrong is said, and the next program cleans up.
City::~City() {
  try {
    Stop(run_);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "the city could not be stopped: %s\n", error.what());
  }
}

void City::Stop(const std::string& run) {
  for (const char* what : {"services", "servers"}) Run(absl::StrCat("scripts/", what, " stop --dir ", run));
}

std::string City::Capture(const std::string& command, int& status) {
  FILE* pipe = popen(absl::StrCat("cd ", TILTS_SOURCE_DIR, " && ", command, " 2>&1").c_str(), "r");
  if (pipe == nullptr) throw std::runtime_error("cannot run " + command);
  std::string output;
  std::array<char, 4096> buffer{};
  while (const std::size_t count = fread(buffer.data(), 1, buffer.size(), pipe)) output.append(buffer.data(), count);
  const int ended = pclose(pipe);
  status = WIFEXITED(ended) ? WEXITSTATUS(ended) : -1;
  return output;
}

std::string City::Run(const std::string& command) {
  int status = 0;
  std::string output = Capture(command, status);
  if (status != 0) throw std::runtime_error(command + " failed: " + output);
  return output;
}

std::string City::Tiltsctl(const std::string& words, int& status) {
  return Capture(absl::StrCat(version_.binaries, "/tiltsctl --config ", run_, "/client.json ", words), status);
}

std::string City::Script(const std::string& words, int& status) {
  return Capture(absl::StrCat("scripts/", words, " --dir ", run_), status);
}

void City::StartAll() {
  Run(absl::StrCat("scripts/servers start --dir ", run_));
  Services("start");
}

void City::Services(const std::string& words) {
  Run(absl::StrCat("scripts/services ", words, " --dir ", run_, " --environment test --binaries ", version_.binaries,
                   " --source ", version_.source));
}

void City::Replace(const std::string& service) {
  Services("start --service " + service);
}

std::string City::BinariesOf(const std::string& process) const {
  std::error_code gone;
  return std::filesystem::read_symlink(absl::StrCat("/proc/", Pid(process), "/exe"), gone).parent_path().string();
}

std::chrono::steady_clock::time_point City::StartAgain(const std::string& process) {
  // Read first: the start writes the configurations anew.
  const std::string port = PortOf(process);
  const bool server = process == "kafka" || process == "postgres" || process == "redis";
  starting_ = std::async(std::launch::async, [this, server] {
    if (server) {
      Run(absl::StrCat("scripts/servers start --dir ", run_));
    } else {
      StartAll();
    }
  });
  if (!Eventually([&] { return Answers(process, port); }, std::chrono::seconds(180)))
    throw std::runtime_error(process + " does not answer again");
  return std::chrono::steady_clock::now();
}

void City::FinishStart() {
  if (starting_.valid()) starting_.get();
}

bool City::Answers(const std::string& process, const std::string& port) {
  int status = 0;
  const std::string asked = process == "postgres" ? absl::StrCat("pg_isready -h 127.0.0.1 -p ", port)
                                                  : absl::StrCat("bash -c 'exec 3<>/dev/tcp/127.0.0.1/", port, "'");
  (void)Capture(asked, status);
  return status == 0;
}

// A service's is that of its metrics and health.
std::string City::PortOf(const std::string& process) const {
  if (process == "postgres") return Setting("TILTS_SERVERS_POSTGRES_PORT");
  if (process == "kafka") return Setting("TILTS_SERVERS_KAFKA").substr(std::strlen("127.0.0.1:"));
  return Json::parse(ReadFile(absl::StrCat(run_, "/config/", process, ".json"))).at("metrics").at("port").dump();
}

bool City::Ready(const std::string& service) {
  http::HttpRequest request{.method = "GET", .url = absl::StrCat("http://127.0.0.1:", PortOf(service), "/metrics")};
  const auto response = client_->SendAndWait(std::move(request));
  if (!response) return false;
  const std::vector<std::string> lines = absl::StrSplit(response->body, '\n');
  return std::any_of(lines.begin(), lines.end(), [](const std::string& line) {
    return line.starts_with("tilts_service_ready") && line.ends_with(" 1");
  });
}

Answer City::Call(const std::string& method, const std::string& path, const Caller& caller, const Json& body,
                  http::Headers extra) {
  http::HttpRequest request{.method = method, .url = gateway_ + path};
  request.headers = std::move(extra);
  if (!caller.key.empty()) request.headers.Set("Authorization", "Bearer " + caller.key);
  if (!caller.institution.empty()) request.headers.Set("Tilts-Institution", caller.institution);
  if (!body.is_null()) {
    request.headers.Set("Content-Type", "application/json");
    request.body = body.dump();
  }
  request.timeout = std::chrono::seconds(40);
  request.max_response_bytes = 16U << 20;
  auto response = client_->SendAndWait(std::move(request));
  if (!response) return {0, Json{{"error", response.error().message}}, response.error().message, {}};
  Answer answer{response->status, Json::parse(response->body, nullptr, false), response->body, response->headers};
  if (answer.body.is_discarded()) answer.body = nullptr;
  return answer;
}

Caller City::WithOperations(const std::string& institution, const std::vector<std::string>& operations) {
  const std::string client = Fresh("client");
  const auto expect = [&](const Answer& answer, const char* what) {
    if (!answer.ok()) throw std::runtime_error(absl::StrCat(what, ": ", answer.status, " ", answer.text));
    return answer.body;
  };
  expect(Post("/v1/clients", operator_, {{"request_id", Fresh("r")}, {"client_id", client}, {"name", client}}),
         "client");
  // The grant first: a door that knows the key then knows the grant too.
  expect(Post(absl::StrCat("/v1/clients/", client, "/grants"), operator_,
              {{"request_id", Fresh("r")}, {"institution_id", institution}, {"operations", operations}}),
         "grant");
  const Json credential = expect(
      Post(absl::StrCat("/v1/clients/", client, "/credentials"), operator_,
           {{"request_id", Fresh("r")}, {"expires_at", core::FormatRfc3339(Now() + std::chrono::hours(24 * 300))}}),
      "credential");
  const Caller caller{credential.at("api_key").get<std::string>(), institution};
  // Doors learn of a grant within a refresh interval.
  if (!Eventually([&] { return Get("/v1/institutions/" + institution, caller).status != 401; }))
    throw std::runtime_error("the new key is not known at the door");
  return caller;
}

Caller City::For(const std::string& institution) {
  auto found = callers_.find(institution);
  if (found == callers_.end()) found = callers_.emplace(institution, WithOperations(institution, {"*"})).first;
  return found->second;
}

std::string City::Fresh(const std::string& prefix) {
  return absl::StrCat(prefix, "-", getpid(), "-", std::chrono::steady_clock::now().time_since_epoch().count() / 1000,
                      "-", ++fresh_);
}

core::CityTime City::Now() const {
  const std::string bytes = ReadFile(run_ + "/city.clock");
  std::int64_t micros = 0;
  std::memcpy(&micros, bytes.data(), sizeof micros);
  return core::CityTime{std::chrono::microseconds(micros)};
}

void City::Advance(std::chrono::microseconds by) {
  const std::int64_t micros = (Now() + by).time_since_epoch().count();
  std::fstream file(run_ + "/city.clock", std::ios::in | std::ios::out | std::ios::binary);
  file.write(reinterpret_cast<const char*>(&micros), sizeof micros);
}

pid_t City::Pid(const std::string& process) const {
  const std::string path =
      process == "postgres" ? run_ + "/postgres/data/postmaster.pid" : run_ + "/" + process + ".pid";
  const std::string word = FirstWord(path);
  return word.empty() ? 0 : static_cast<pid_t>(std::stol(word));
}

void City::Signal(const std::string& process, int signal) {
  const pid_t pid = Pid(process);
  if (pid <= 0 || kill(pid, signal) != 0) throw std::runtime_error("cannot signal " + process);
}

void City::Kill9(const std::string& process) {
  const pid_t pid = Pid(process);
  Signal(process, SIGKILL);
  if (!Eventually([pid] { return HasDied(pid); })) throw std::runtime_error(process + " does not die");
}

pid_t City::StartSecond(const std::string& service, int port_offset) {
  Json config = Json::parse(ReadFile(absl::StrCat(run_, "/config/", service, ".json")));
  config["instance"] = "second";
  config["rpc"]["port"] = config["rpc"]["port"].get<int>() + port_offset;
  config["metrics"]["port"] = config["metrics"]["port"].get<int>() + port_offset;
  const std::string name = service + "-second";
  std::ofstream(absl::StrCat(run_, "/config/", name, ".json")) << config.dump();
  const pid_t pid = fork();
  if (pid == 0) {
    const std::string log = absl::StrCat(run_, "/log/", name, ".log");
    if (freopen(log.c_str(), "a", stderr) == nullptr) _exit(3);
    const std::string program = absl::StrCat(version_.binaries, "/tilts-", service);
    const std::string file = absl::StrCat(run_, "/config/", name, ".json");
    execl(program.c_str(), program.c_str(), "--config", file.c_str(), nullptr);
    _exit(3);
  }
  std::ofstream(absl::StrCat(run_, "/", name, ".pid")) << pid << "\n";
  return pid;
}

Json City::StatusOf(const std::string& service) {
  const Answer answer = Get("/v1/status", operator_);
  if (!answer.ok() || !answer.body.contains("services")) return nullptr;
  for (const Json& status : answer.body.at("services"))
    if (status.value("service", "") == service) return status;
  return nullptr;
}

bool City::AtRest() {
  Json previous;
  for (int round = 0; round < 2; ++round) {
    const Answer answer = Get("/v1/status", operator_);
    if (!answer.ok() || !answer.body.contains("services")) return false;
    Json offsets = Json::array();
    for (const Json& status : answer.body.at("services")) {
      if (!status.value("at_rest", false)) return false;
      offsets.push_back(status.value("consumers", Json::array()));
    }
    if (round == 1) return offsets == previous;
    previous = offsets;
  }
  return false;
}

bool City::WaitAtRest(std::chrono::seconds limit) {
  return Eventually([this] { return AtRest(); }, limit);
}

std::string City::Sql(const std::string& query) {
  const std::string password = FirstWord(Setting("TILTS_SERVERS_POSTGRES_PASSWORD_FILE"));
  std::string output =
      Run(absl::StrCat("PGPASSWORD=", password, " psql -h 127.0.0.1 -p ", Setting("TILTS_SERVERS_POSTGRES_PORT"),
                       " -U postgres -d tilts -X -q -t -A -c \"", query, "\""));
  return std::string(absl::StripSuffix(output, "\n"));
}

std::string City::Redis(const std::string& words) {
  return Run(absl::StrCat("redis-cli -h 127.0.0.1 -p ", Setting("TILTS_SERVERS_REDIS_PORT"), " ", words));
}

std::string City::Setting(const std::string& name) const {
  const auto found = settings_.find(name);
  return found == settings_.end() ? std::string() : found->second;
}

}  // namespace tilts::e2e
