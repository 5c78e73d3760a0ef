// How the catalogue's parameters, fields and enumerations are called in definition files.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "cloud/catalog.h"
#include "cloud/fields.h"

namespace neap::manual {

// Collects the classes and aliases that a file needs as their names are asked for.
class TypeNames {
 public:
  // The type of a value of the parameter; what is in it becomes a class below `owner`.
  std::string of_param(const std::string& owner, const cloud::Param& param);
  std::string of_field(const std::string& owner, const cloud::Field& field);
  // "---@field name? type help"
  static std::string field_line(std::string_view name, const std::string& type,
                                std::string_view help, bool optional);

  // The lines of what was named since it was asked last.
  std::string take();

 private:
  std::string enumeration(const std::string& owner, std::string_view name, cloud::Words words);
  std::map<std::string, std::string> aliases_;  // by what they stand for
  std::map<std::string, int> names_;            // of aliases and classes
  std::string text_;
};

// "sdrs.ServerGroup": the type of a resource's rows where no class has them.
std::string type_of_resource(const cloud::Resource& resource);

}  // namespace neap::manual
