// Everything that a script sees: modules, collections, what can be done with the things in them,
// and which operations of the platform that calls. Learnt from the standard library itself
// (stdlib/manual), so that nothing is told twice.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "json/value.h"

namespace neap::manual {

// One argument of a function.
struct Argument {
  std::string name;
  std::string type;  // as annotated; empty where the operation says it
  std::string help;
  bool optional = false;
  std::string operation;  // it belongs to: "sdrs:expand_replication"
  // The parameter of the operation that it stands for: "new_size". Empty for a table of parameters.
  std::string stands_for;
  std::vector<std::string> takes;  // of such a table: the parameters that may be in it
};

struct Member {
  std::string path;       // "sdrs.groups.failover"
  std::string kind;       // module, collection, object, method, function, field
  std::string name;       // "failover"
  std::string owner;      // what it is done with, "protection group"; empty: the path's own
  std::string signature;  // "group:failover() -> neap.Job"
  std::string summary;    // the first sentence of the text
  std::string text;
  std::string type;       // of what stands at the path: "sdrs.groups"
  std::string row_type;   // of a collection: what its things are, "sdrs.ProtectionGroup"
  std::string self_type;  // of a method: what it is a method of
  std::vector<Argument> arguments;
  std::vector<std::string> returns;     // types
  std::vector<std::string> overloads;   // other ways to call it, as types
  std::string declared;                 // its whole type, where an annotation of its class has it
  std::string generic;                  // names of types that the others use
  std::vector<std::string> operations;  // "sdrs:start_failover_protection_group"
  std::vector<std::string> rows;        // of the host's modules: "host.groups.failover"
  bool global = true;                   // of a module: scripts have it without `require`
};

// A field that an annotation tells of.
struct ClassField {
  std::string name;
  std::string type;
  std::string help;
  bool optional = false;
};

// A class of objects, or a kind of plain table, by the name that annotations use.
struct ClassOf {
  std::string type;  // "neap.Job"
  std::string kind;  // object, record, declared
  std::string summary;
  std::string resource;  // of things: the catalogue's resource, "server_group"
  std::string what;      // for people, "protection group"
  std::string path;      // where its methods are told of, "sdrs.groups"; empty for plain tables
  std::vector<ClassField> fields;
  std::vector<std::string> keys;  // of a record: the keys that the library itself knows
};

// A type that has a name of its own: "neap.Duration" is number|string.
struct Alias {
  std::string name;
  std::string type;
  std::string help;
};

class Surface {
 public:
  // Loads the standard library in a machine of its own; takes some 20 ms.
  static Result<Surface> load();

  const std::vector<Member>& all() const { return members_; }
  const std::vector<ClassOf>& classes() const { return classes_; }
  const std::vector<Alias>& aliases() const { return aliases_; }

  // What goes by the path, written with dots or colons, with or without brackets at its end: the
  // collection's own first, then what is done with one of its things. A part of a thing leads to
  // where its things are told of: "sdrs.groups.pairs.expand".
  std::vector<const Member*> find(std::string_view path) const;
  // Those right below the path: the functions of a module, the methods of a collection (owner
  // empty) and of the things in it.
  std::vector<const Member*> members(std::string_view path) const;
  // Where the methods of a kind of things are told of: "sdrs.groups" for "protection group", as
  // __name says it; empty when nothing is called so.
  std::string of_thing(std::string_view what) const;
  const ClassOf* find_class(std::string_view type) const;

 private:
  std::vector<Member> members_;
  std::vector<ClassOf> classes_;
  std::vector<Alias> aliases_;
};

}  // namespace neap::manual
