#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/city_time.hpp"

namespace tilts::postgres {

// Binary data on its way into a bytea parameter.
struct Bytes {
  std::string_view data;
};

// One parameter, in PostgreSQL's text form; the column or a cast ($1::text[]) gives the type.
class Param {
 public:
  Param(std::nullopt_t) {}                                    // NOLINT(google-explicit-constructor): a list of values
  Param(std::nullptr_t) {}                                    // NOLINT(google-explicit-constructor)
  Param(std::string text) : text_(std::move(text)) {}         // NOLINT(google-explicit-constructor)
  Param(std::string_view text) : text_(std::string(text)) {}  // NOLINT(google-explicit-constructor)
  Param(const char* text) : text_(std::string(text)) {}       // NOLINT(google-explicit-constructor)
  Param(bool flag) : text_(flag ? "t" : "f") {}               // NOLINT(google-explicit-constructor)
  Param(int number) : text_(std::to_string(number)) {}        // NOLINT(google-explicit-constructor)
  Param(unsigned number) : text_(std::to_string(number)) {}   // NOLINT(google-explicit-constructor)
  Param(long number) : text_(std::to_string(number)) {}       // NOLINT(google-explicit-constructor)
  Param(unsigned long number) : text_(std::to_string(number)) {}  // NOLINT(google-explicit-constructor)
  Param(double number);                                           // NOLINT(google-explicit-constructor)
  Param(Bytes bytes);                                             // NOLINT(google-explicit-constructor)
  Param(core::CityTime time);                                     // NOLINT(google-explicit-constructor)
  Param(const std::vector<std::string>& texts);                   // NOLINT(google-explicit-constructor): text[]
  Param(const std::vector<std::int64_t>& numbers);                // NOLINT(google-explicit-constructor): bigint[]
  template <typename T>
  Param(const std::optional<T>& value) {  // NOLINT(google-explicit-constructor)
    if (value) text_ = Param(*value).text_;
  }

  const std::optional<std::string>& text() const { return text_; }

 private:
  std::optional<std::string> text_;
};
using Params = std::vector<Param>;

// One row of a result; columns by position. A null or a value of another kind than asked for is a mistake in a
// statement of ours: the getter throws std::logic_error with the column's name, which Transact turns into kInternal.
// Use the Optional getters where null is possible.
class Row {
 public:
  bool IsNull(int column) const;
  std::string Text(int column) const;
  std::string_view View(int column) const;  // as long as the Rows live
  std::int64_t Int(int column) const;
  double Double(int column) const;
  bool Bool(int column) const;
  std::string BytesOf(int column) const;             // bytea
  core::CityTime Time(int column) const;             // timestamptz
  std::vector<std::string> Texts(int column) const;  // text[]
  std::optional<std::string> OptionalText(int column) const;
  std::optional<std::int64_t> OptionalInt(int column) const;
  std::optional<core::CityTime> OptionalTime(int column) const;
  std::optional<std::string> OptionalBytes(int column) const;

 private:
  friend class Rows;
  Row(const void* result, std::size_t index) : result_(result), index_(index) {}
  const void* result_;
  std::size_t index_;
};

// What a statement returned; cheap to copy, independent of the connection.
class Rows {
 public:
  class Iterator {
   public:
    Iterator(const Rows* rows, std::size_t index) : rows_(rows), index_(index) {}
    Row operator*() const { return (*rows_)[index_]; }
    Iterator& operator++() {
      ++index_;
      return *this;
    }
    bool operator==(const Iterator& other) const { return index_ == other.index_; }

   private:
    const Rows* rows_;
    std::size_t index_;
  };

  Rows() = default;
  explicit Rows(std::shared_ptr<const void> result, std::size_t size, std::size_t affected)
      : result_(std::move(result)), size_(size), affected_(affected) {}

  std::size_t size() const { return size_; }
  bool empty() const { return size_ == 0; }
  std::size_t affected() const { return affected_; }  // rows an INSERT, UPDATE or DELETE touched
  Row operator[](std::size_t index) const { return Row(result_.get(), index); }
  Row front() const { return (*this)[0]; }
  Iterator begin() const { return {this, 0}; }
  Iterator end() const { return {this, size_}; }

 private:
  std::shared_ptr<const void> result_;
  std::size_t size_ = 0;
  std::size_t affected_ = 0;
};

}  // namespace tilts::postgres
