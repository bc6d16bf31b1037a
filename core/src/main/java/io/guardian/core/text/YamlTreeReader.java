package io.guardian.core.text;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.events.AliasEvent;
import org.snakeyaml.engine.v2.events.CollectionStartEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.events.NodeEvent;
import org.snakeyaml.engine.v2.events.ScalarEvent;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlVersionException;

/**
 * Builds trees from the events of the YAML parser.
 *
 * <p>The events and not the library's own nodes are used, so that aliases are copied under a limit, depth is bounded,
 * and a repeated key is reported beside the other problems instead of ending the reading.
 */
final class YamlTreeReader {
    private static final String STANDARD_TAG = "tag:yaml.org,2002:";

    private final String file;
    private final Problems problems;
    private final Iterator<Event> events;
    private final YamlAliases aliases = new YamlAliases();

    private YamlTreeReader(String file, Problems problems, Iterator<Event> events) {
        this.file = file;
        this.problems = problems;
        this.events = events;
    }

    static List<Tree> read(String file, String text, Problems problems) {
        var forbidden = YamlCharacters.firstForbidden(file, text);
        if (forbidden.isPresent()) {
            problems.add(forbidden.get());
            return List.of();
        }
        var settings = LoadSettings.builder()
                .setCodePointLimit(TreeReader.MAX_CHARS)
                .setLabel(file)
                .build();
        var trees = new ArrayList<Tree>();
        try {
            var events = new Parse(settings).parseString(text).iterator();
            new YamlTreeReader(file, problems, events).documents(trees);
        } catch (YamlStop stop) {
            problems.error(stop.place(), "", stop.reason(), "");
        } catch (MarkedYamlEngineException bad) {
            var place = place(file, bad.getProblemMark().or(bad::getContextMark));
            problems.error(place, "", "not YAML: " + message(bad), "");
        } catch (YamlVersionException bad) {
            problems.error(new Place(file, 1, 1), "", "the YAML version is not known", "remove the `%YAML` line");
        } catch (YamlEngineException bad) {
            problems.error(new Place(file, 0, 0), "", "not YAML", "");
        }
        return trees;
    }

    private static String message(MarkedYamlEngineException bad) {
        String problem = Optional.ofNullable(bad.getProblem()).orElse("unreadable");
        String context = Optional.ofNullable(bad.getContext()).orElse("");
        String line = (context.isEmpty() ? problem : context + ": " + problem)
                .lines()
                .findFirst()
                .orElse("unreadable");
        return JsonSyntaxException.plainMessage(line.endsWith(".") ? line.substring(0, line.length() - 1) : line);
    }

    private void documents(List<Tree> trees) {
        while (events.hasNext()) {
            var event = events.next();
            switch (event.getEventId()) {
                case DocumentStart -> aliases.startDocument();
                case Scalar, SequenceStart, MappingStart, Alias -> {
                    var tree = value(event, 0);
                    if (!(tree instanceof Tree.Scalar scalar && scalar.isNull())) {
                        trees.add(tree);
                    }
                }
                case Comment, DocumentEnd, MappingEnd, SequenceEnd, StreamEnd, StreamStart -> {}
            }
        }
    }

    private Tree value(Event event, int depth) {
        var place = place(file, event.getStartMark());
        if (depth > TreeReader.MAX_DEPTH) {
            throw new YamlStop(place, "more than " + TreeReader.MAX_DEPTH + " levels");
        }
        if (event instanceof AliasEvent alias) {
            return aliases.copy(place, alias.getAlias().getValue(), depth);
        }
        var tree = switch (event.getEventId()) {
            case Scalar -> scalar(place, (ScalarEvent) event);
            case SequenceStart -> sequence(place, (CollectionStartEvent) event, depth);
            case MappingStart -> mapping(place, (CollectionStartEvent) event, depth);
            case Alias, Comment, DocumentEnd, DocumentStart, MappingEnd, SequenceEnd, StreamEnd, StreamStart ->
                throw new YamlStop(place, "not YAML");
        };
        if (event instanceof NodeEvent node) {
            node.getAnchor().ifPresent(anchor -> aliases.define(anchor.getValue(), tree));
        }
        return tree;
    }

    private Tree scalar(Place place, ScalarEvent event) {
        var style = event.isPlain() ? Tree.Style.PLAIN : Tree.Style.QUOTED;
        var tag = event.getTag();
        if (tag.isPresent()) {
            style = switch (tag.get()) {
                case "!", STANDARD_TAG + "str" -> Tree.Style.QUOTED;
                case STANDARD_TAG + "int", STANDARD_TAG + "float", STANDARD_TAG + "bool", STANDARD_TAG + "null" ->
                    Tree.Style.PLAIN;
                default -> {
                    unknownTag(place, tag.get());
                    yield style;
                }
            };
        }
        return new Tree.Scalar(place, event.getValue(), style);
    }

    private Tree sequence(Place place, CollectionStartEvent start, int depth) {
        checkTag(place, start, "seq");
        var items = new ArrayList<Tree>();
        int nodes = 1;
        for (var event = events.next(); event.getEventId() != Event.ID.SequenceEnd; event = events.next()) {
            var item = value(event, depth + 1);
            nodes += item.nodeCount();
            items.add(item);
        }
        return new Tree.Sequence(place, items, nodes);
    }

    private Tree mapping(Place place, CollectionStartEvent start, int depth) {
        checkTag(place, start, "map");
        var entries = new LinkedHashMap<String, Tree.Entry>();
        int nodes = 1;
        for (var event = events.next(); event.getEventId() != Event.ID.MappingEnd; event = events.next()) {
            var key = value(event, depth + 1);
            var value = value(events.next(), depth + 1);
            nodes += value.nodeCount();
            if (!(key instanceof Tree.Scalar(var keyPlace, var name, var _))) {
                problems.error(key.place(), "", "a key is " + key.shape() + " and not text", "");
                continue;
            }
            var first = entries.putIfAbsent(name, new Tree.Entry(keyPlace, name, value));
            if (first != null) {
                repeated(problems, keyPlace, name, first.keyPlace());
            }
        }
        return new Tree.Mapping(place, List.copyOf(entries.values()), nodes);
    }

    static void repeated(Problems problems, Place place, String key, Place first) {
        problems.error(
                place,
                "",
                "repeated key `" + key + "`",
                "keep one; the first is at line " + first.line() + ", column " + first.column());
    }

    private void checkTag(Place place, CollectionStartEvent start, String known) {
        start.getTag()
                .filter(tag -> !tag.equals("!") && !tag.equals(STANDARD_TAG + known))
                .ifPresent(tag -> unknownTag(place, tag));
    }

    private void unknownTag(Place place, String tag) {
        problems.error(place, "", "tag `" + tag + "` is not known here", "remove it");
    }

    private static Place place(String file, Optional<Mark> mark) {
        return mark.map(at -> new Place(file, at.getLine() + 1, at.getColumn() + 1))
                .orElseGet(() -> new Place(file, 0, 0));
    }
}
