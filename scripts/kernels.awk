# Reads what an emulated kernel printed: says it test by test, and writes it to the file `xml` as a JUnit report.
# Needs name, seconds, problem (empty if the kernel ran to its end) and xml. Exits with 1 if anything failed.
function escaped(text) {
  gsub(/&/, "\\&amp;", text); gsub(/</, "\\&lt;", text); gsub(/>/, "\\&gt;", text); gsub(/"/, "\\&quot;", text)
  gsub(/[^ -~]/, "?", text)
  return text
}
function report(outcome, took, test, why,    dot, inner) {
  dot = index(test, ".")
  inner = outcome == "failed" ? "failure" : "skipped"
  cases = cases sprintf("<testcase classname=\"%s\" name=\"%s on %s\" time=\"%s\">%s</testcase>\n", escaped(substr(test, 1, dot - 1)), \
    escaped(substr(test, dot + 1)), name, took, outcome == "ok" ? "" : sprintf("<%s message=\"%s\"/>", inner, escaped(why)))
  count[outcome]++
}
/^guest: up after/ { up = $4 }
/^kernel / { kernel = $2 " " $3 }
/^  attaches / { attached++; programs++ }
/^  (loads|refused|without) / { programs++; notes = notes "  " substr($0, 3) "\n" }
/^back end / { notes = notes "  " $0 "\n" }
/^test (ok|skipped|failed) / {
  rest = $0; sub(/^test [a-z]+ [0-9.]+ /, "", rest)
  colon = index(rest, ": "); test = colon ? substr(rest, 1, colon - 1) : rest; why = colon ? substr(rest, colon + 2) : ""
  report($2, $3, test, why)
  lines = lines sprintf("  %-8s%5ss  %s\n", $2, $3, rest)
}
END {
  if (problem != "") {
    report("failed", seconds, "Kernel.runs_to_its_end", problem)
    lines = lines sprintf("  failed          %s\n", problem)
  }
  printf "== %s: Linux %s up in %s s; %d of %d programs attach; %d passed, %d failed, %d skipped; %s s\n", name, kernel, up, attached, \
    programs, count["ok"], count["failed"], count["skipped"], seconds
  printf "%s%s", notes, lines
  printf "<?xml version=\"1.0\"?>\n<testsuite name=\"%s\" time=\"%s\">\n%s</testsuite>\n", name, seconds, cases > xml
  exit count["failed"] > 0
}
