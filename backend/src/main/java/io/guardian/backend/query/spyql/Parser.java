package io.guardian.backend.query.spyql;

import io.guardian.backend.query.QueryProblem;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads a query by recursive descent: OR of ANDs of unary parts; what stands side by side is an AND.
 *
 * <p>Limits: 64 KiB of text, nesting 100, 1,000 tests, 1,000 values in a set.
 */
public final class Parser {
    static final int MAX_TEXT_BYTES = 64 << 10;
    private static final int MAX_DEPTH = 100;
    private static final int MAX_TESTS = 1_000;
    private static final int MAX_SET_VALUES = 1_000;
    private static final List<String> KEYWORDS = List.of("and", "or", "not", "is", "in");

    private final Scanner scanner;
    private int depth;
    private int tests;

    private Parser(String text) {
        this.scanner = new Scanner(text);
    }

    /** An empty text and {@code *} are every record. */
    public static Node parse(String text) throws QueryProblem {
        if (text.getBytes(java.nio.charset.StandardCharsets.UTF_8).length > MAX_TEXT_BYTES) {
            throw new QueryProblem("query is longer than " + MAX_TEXT_BYTES + " bytes");
        }
        if (text.isBlank() || text.strip().equals("*")) {
            return new Node.Everything();
        }
        var parser = new Parser(text);
        var node = parser.or();
        if (!parser.scanner.atEnd()) {
            throw parser.scanner.problem("expected the end, `and`, `or` or another test");
        }
        return node;
    }

    private Node or() throws QueryProblem {
        var parts = new ArrayList<Node>();
        do {
            parts.add(and());
        } while (scanner.acceptWord("or"));
        return parts.size() == 1 ? parts.getFirst() : new Node.Or(parts);
    }

    private Node and() throws QueryProblem {
        var parts = new ArrayList<Node>();
        parts.add(unary());
        while (true) {
            boolean written = scanner.acceptWord("and");
            boolean more = !scanner.atEnd() && !scanner.looksAt(")") && !scanner.looksAtWord("or");
            if (!written && !more) {
                return parts.size() == 1 ? parts.getFirst() : new Node.And(parts);
            }
            parts.add(unary());
        }
    }

    private Node unary() throws QueryProblem {
        if (++depth > MAX_DEPTH) {
            throw scanner.problem("query is nested deeper than " + MAX_DEPTH);
        }
        try {
            if (scanner.acceptWord("not")) {
                return new Node.Not(unary());
            }
            scanner.skipSpace();
            if (scanner.accept("(")) {
                var inner = or();
                scanner.expect(")");
                return inner;
            }
            return test();
        } finally {
            depth--;
        }
    }

    private Node test() throws QueryProblem {
        if (++tests > MAX_TESTS) {
            throw scanner.problem("query has more than " + MAX_TESTS + " tests");
        }
        var path = path();
        boolean endsInAny = path.steps().getLast() instanceof Path.Step.Any;
        if (endsInAny && scanner.looksAt("(")) {
            return joined(path);
        }
        var operator = scanner.operator();
        if (operator.isPresent()) {
            scanner.skipSpace();
            int column = scanner.column();
            return new Node.Compare(path, operator.get(), scanner.value(), column);
        }
        if (scanner.acceptWord("is")) {
            return isNull(path);
        }
        int mark = scanner.mark();
        boolean negated = scanner.acceptWord("not");
        if (scanner.acceptWord("in")) {
            return in(path, negated);
        }
        scanner.backTo(mark);
        return new Node.IsTrue(path);
    }

    private Node joined(Path path) throws QueryProblem {
        scanner.expect("(");
        var condition = or();
        scanner.expect(")");
        var join = new Path(path.steps().subList(0, path.steps().size() - 1), path.column());
        return new Node.Joined(join, condition);
    }

    private Node isNull(Path path) throws QueryProblem {
        boolean negated = scanner.acceptWord("not");
        boolean named = scanner.acceptWord("null") || scanner.acceptWord("none");
        boolean ends =
                scanner.atEnd() || scanner.looksAt(")") || scanner.looksAtWord("and") || scanner.looksAtWord("or");
        if (!named && !ends) {
            throw scanner.problem("expected `null`, `and`, `or` or the end after `is`");
        }
        return new Node.IsNull(path, !negated);
    }

    private Node in(Path path, boolean negated) throws QueryProblem {
        scanner.skipSpace();
        int column = scanner.column();
        if (scanner.accept("@")) {
            return new Node.InSet(path, negated, scanner.setName(), column);
        }
        scanner.expect("(");
        var values = new ArrayList<Value>();
        do {
            values.add(scanner.value());
            scanner.skipSpace();
            if (values.size() > MAX_SET_VALUES) {
                throw scanner.problem("a set has more than " + MAX_SET_VALUES + " values");
            }
        } while (scanner.accept(","));
        scanner.expect(")");
        return new Node.In(path, negated, values, column);
    }

    private Path path() throws QueryProblem {
        scanner.skipSpace();
        int column = scanner.column();
        if (KEYWORDS.stream().anyMatch(scanner::looksAtWord)) {
            throw scanner.problem("expected a field");
        }
        var steps = new ArrayList<Path.Step>();
        if (!scanner.looksAtName()) {
            throw scanner.problem("expected a field");
        }
        steps.add(new Path.Step.Name(scanner.name()));
        while (true) {
            if (scanner.accept(".")) {
                steps.add(new Path.Step.Name(scanner.name()));
            } else if (scanner.accept("[")) {
                steps.add(index());
            } else if (scanner.accept(":keys[*]")) {
                steps.add(new Path.Step.Keys());
            } else if (scanner.accept(":values[*]") || scanner.accept(":vals[*]")) {
                steps.add(new Path.Step.Values());
            } else if (scanner.looksAt(":")) {
                throw scanner.problem("expected `:keys[*]` or `:values[*]`");
            } else {
                return new Path(steps, column);
            }
        }
    }

    private Path.Step index() throws QueryProblem {
        Path.Step step;
        if (scanner.accept("*")) {
            step = new Path.Step.Any();
        } else if (scanner.looksAtQuote()) {
            step = new Path.Step.Key(scanner.quoted());
        } else {
            step = new Path.Step.Element(scanner.digits());
        }
        scanner.expect("]");
        return step;
    }
}
