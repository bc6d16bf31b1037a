package io.guardian.backend.query.spyql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import io.guardian.backend.query.QueryProblem;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What holds for every query, over seeds; {@code -Dseed=N} replays one. */
class ParserLawsTest {
    private static final String ALPHABET = "ab_.[]*()\"'\\=<>!~@:,0123-eE/ \n\tandornotisin";

    static LongStream seeds() {
        Long only = Long.getLong("seed");
        return only != null ? LongStream.of(only) : LongStream.range(0, 400);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void printed_tree_reads_as_the_same_tree(long seed) throws QueryProblem {
        var tree = tree(new Random(seed), 4);
        var again = Parser.parse(Printer.text(tree));
        assertThat(Printer.json(again)).isEqualTo(Printer.json(tree));
        assertThat(Printer.text(again)).isEqualTo(Printer.text(tree));
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void any_text_is_a_tree_or_a_problem(long seed) {
        var random = new Random(seed);
        var text = new StringBuilder();
        int length = random.nextInt(60);
        for (int i = 0; i < length; i++) {
            text.append(ALPHABET.charAt(random.nextInt(ALPHABET.length())));
        }
        assertThatCode(() -> {
                    try {
                        Parser.parse(text.toString());
                    } catch (QueryProblem problem) {
                        assertThat(problem.message()).doesNotContain("\n").startsWith("column ");
                        assertThat(problem.column()).isBetween(1, length + 1);
                    }
                })
                .as(text.toString())
                .doesNotThrowAnyException();
    }

    @Test
    void limits_are_named() {
        assertThat(problem("(".repeat(200) + "a = 1" + ")".repeat(200))).contains("nested deeper than 100");
        assertThat(problem("a = 1 ".repeat(1_001))).contains("more than 1000 tests");
        assertThat(problem("a in (" + "1,".repeat(1_001) + "1)")).contains("more than 1000 values");
        assertThat(problem("a".repeat(70_000))).contains("longer than 65536 bytes");
    }

    @Test
    void binding_is_not_then_and_then_or() throws QueryProblem {
        assertThat(Printer.text(Parser.parse("a = 1 b = 2 or c = 3"))).isEqualTo("(a = 1 and b = 2) or c = 3");
        assertThat(Printer.text(Parser.parse("not a = 1 and b = 2"))).isEqualTo("not a = 1 and b = 2");
        assertThat(Parser.parse("not a = 1 and b = 2")).isInstanceOf(Node.And.class);
    }

    private static String problem(String query) {
        try {
            Parser.parse(query);
            return "";
        } catch (QueryProblem problem) {
            return problem.message();
        }
    }

    private static Node tree(Random random, int depth) {
        if (depth == 0 || random.nextInt(4) == 0) {
            return leaf(random);
        }
        return switch (random.nextInt(4)) {
            case 0 -> new Node.And(parts(random, depth));
            case 1 -> new Node.Or(parts(random, depth));
            case 2 -> new Node.Not(tree(random, depth - 1));
            default -> new Node.Joined(path(random), tree(random, depth - 1));
        };
    }

    private static List<Node> parts(Random random, int depth) {
        var parts = new ArrayList<Node>();
        for (int i = 0; i < 2 + random.nextInt(2); i++) {
            parts.add(tree(random, depth - 1));
        }
        return parts;
    }

    private static Node leaf(Random random) {
        return switch (random.nextInt(5)) {
            case 0 -> new Node.IsNull(path(random), random.nextBoolean());
            case 1 -> new Node.In(path(random), random.nextBoolean(), List.of(value(random), value(random)), 1);
            case 2 -> new Node.InSet(path(random), random.nextBoolean(), "my-set.1:x", 1);
            case 3 -> new Node.IsTrue(path(random));
            default ->
                new Node.Compare(
                        path(random),
                        Operator.longestFirst()
                                .get(random.nextInt(Operator.longestFirst().size())),
                        value(random),
                        1);
        };
    }

    private static Path path(Random random) {
        var steps = new ArrayList<Path.Step>();
        steps.add(new Path.Step.Name("field"));
        for (int i = random.nextInt(3); i > 0; i--) {
            steps.add(
                    switch (random.nextInt(5)) {
                        case 0 -> new Path.Step.Element(random.nextInt(9));
                        case 1 -> new Path.Step.Key("k\"\\'" + random.nextInt(9));
                        case 2 -> new Path.Step.Keys();
                        case 3 -> new Path.Step.Values();
                        default -> new Path.Step.Name("in");
                    });
        }
        return new Path(steps, 1);
    }

    private static Value value(Random random) {
        return switch (random.nextInt(4)) {
            case 0 -> new Value.Numeric("-1.5e3");
            case 1 -> new Value.Truth(random.nextBoolean());
            case 2 -> new Value.Address("10.0.0.0/8");
            default -> new Value.Text("a \"b' \\ \\\\ é\n" + (char) ('!' + random.nextInt(90)));
        };
    }
}
