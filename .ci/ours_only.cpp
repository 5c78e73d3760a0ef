// A plugin for clang-tidy: its checks see our declarations alone. Otherwise they also walk through
// all that the standard library and the guests declare, four fifths of a source, and what they
// find there is thrown away; what a precompiled header holds would be read back only for that.
// LLVM 22 does the same by itself. The analyzer and the compiler's own warnings are as before: the
// declarations are there, only nobody walks through them.
#include <memory>
#include <string>
#include <vector>

#include <clang/AST/ASTConsumer.h>
#include <clang/AST/ASTContext.h>
#include <clang/Basic/SourceManager.h>
#include <clang/Frontend/FrontendPluginRegistry.h>

namespace {

class OursOnly : public clang::ASTConsumer {
  void HandleTranslationUnit(clang::ASTContext& context) override {
    const clang::SourceManager& sources = context.getSourceManager();
    std::vector<clang::Decl*> ours;
    for (clang::Decl* decl : context.getTranslationUnitDecl()->noload_decls()) {
      if (!sources.isInSystemHeader(decl->getLocation())) ours.push_back(decl);
    }
    context.setTraversalScope(ours);
  }
};

class Plugin : public clang::PluginASTAction {
  std::unique_ptr<clang::ASTConsumer> CreateASTConsumer(clang::CompilerInstance&,
                                                        llvm::StringRef) override {
    return std::make_unique<OursOnly>();
  }
  bool ParseArgs(const clang::CompilerInstance&, const std::vector<std::string>&) override {
    return true;
  }
  ActionType getActionType() override { return AddBeforeMainAction; }
};

const clang::FrontendPluginRegistry::Add<Plugin> kAdded("ours-only", "leaves system headers out");

}  // namespace
