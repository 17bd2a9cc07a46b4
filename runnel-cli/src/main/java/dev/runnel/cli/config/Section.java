package dev.runnel.cli.config;

import dev.runnel.cli.flags.Nearest;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

/** A mapping of the file, from which the reader takes the keys it knows; what is left at the end is wrong. */
final class Section {
    private final String path;
    private final Node node;
    private final Findings findings;
    private final Map<String, Node> keys = new LinkedHashMap<>();
    private final Map<String, Node> values = new LinkedHashMap<>();
    private final Set<String> taken = new LinkedHashSet<>();

    Section(String path, MappingNode node, Findings findings) {
        this.path = path;
        this.node = node;
        this.findings = findings;
        for (NodeTuple tuple : node.getValue()) {
            add(tuple.getKeyNode(), tuple.getValueNode());
        }
        merge(Collections.newSetFromMap(new IdentityHashMap<>()), node);
    }

    /** Where it stands in the file, such as {@code dbs[0]}. */
    String path() {
        return path;
    }

    /** The value of a key, empty if it is absent or has none. */
    Optional<Value> take(String key) {
        taken.add(key);
        return Optional.ofNullable(values.get(key))
                .filter(value -> !Value.isUnset(value))
                .map(value -> new Value(pathOf(key), value, findings));
    }

    /** Whether the key is there and has a value. */
    boolean has(String key) {
        return values.containsKey(key) && !Value.isUnset(values.get(key));
    }

    /** Whether the key has a value in the file of which nothing is left, because a variable is empty or not set. */
    boolean hasLost(String key) {
        Node value = values.get(key);
        return value != null
                && Value.isUnset(value)
                && findings.asWritten(value).isPresent();
    }

    /**
     * Reports what was not taken: what this program does not support yet, what it does not need, and what is unknown.
     */
    void finish(ForeignKeys foreign) {
        for (Map.Entry<String, Node> entry : keys.entrySet()) {
            if (!taken.contains(entry.getKey())) {
                judge(entry.getKey(), entry.getValue(), foreign);
            }
        }
    }

    /** Notes something about the section that is worth a warning in the log. */
    void notice(String message) {
        findings.notice(path + " " + message);
    }

    /** Reports a problem with the section as a whole. */
    void problem(String message) {
        findings.problem(node, path, message);
    }

    /** Reports a problem with a key. */
    void problem(String key, String message) {
        findings.problem(keys.getOrDefault(key, node), pathOf(key), message);
    }

    private void judge(String key, Node keyNode, ForeignKeys foreign) {
        Optional<ForeignKeys.Standing> standing = foreign.standingOf(key);
        if (standing.isEmpty()) {
            Set<String> known = new LinkedHashSet<>(taken);
            known.addAll(foreign.names());
            String advice = Nearest.to(key, known)
                    .map(near -> "; did you mean \"" + near + "\"?")
                    .orElse("");
            findings.problem(keyNode, pathOf(key), "unknown key" + advice);
            return;
        }
        switch (standing.get()) {
            case ForeignKeys.NotNeeded(String why) -> findings.notice(pathOf(key) + " has no effect: " + why);
            case ForeignKeys.NotBuilt(String what) -> {
                if (!Value.saysOff(values.get(key))) {
                    findings.problem(keyNode, pathOf(key), what);
                }
            }
            case ForeignKeys.Covered() -> {}
        }
    }

    private void add(Node key, Node value) {
        if (!(key instanceof ScalarNode scalar)) {
            findings.problem(key, path, "a key must be a word");
            return;
        }
        String name = scalar.getValue();
        if (isMerge(scalar)) {
            return;
        }
        if (value.getTag().getValue().startsWith("!")) {
            findings.problem(value, pathOf(name), "YAML takes a value that begins with ! for a tag; put it in quotes");
        }
        if (values.put(name, value) != null) {
            findings.problem(key, pathOf(name), "this key appears twice");
        }
        keys.put(name, key);
    }

    /**
     * Adds what {@code <<} brings in: keys that are not here yet. The library could do it, but never returns from a
     * section that refers to itself.
     */
    private void merge(Set<Node> seen, MappingNode from) {
        if (!seen.add(from)) {
            findings.problem(from, path, "\"<<\" refers to the section that it is in");
            return;
        }
        for (NodeTuple tuple : from.getValue()) {
            if (tuple.getKeyNode() instanceof ScalarNode key && isMerge(key)) {
                mergeAll(seen, tuple.getValueNode());
            }
        }
        seen.remove(from);
    }

    private void mergeAll(Set<Node> seen, Node source) {
        List<Node> sources = source instanceof SequenceNode sequence ? sequence.getValue() : List.of(source);
        for (Node one : sources) {
            if (!(one instanceof MappingNode mapping)) {
                findings.problem(one, path, "\"<<\" takes keys and values");
                continue;
            }
            for (NodeTuple tuple : mapping.getValue()) {
                if (tuple.getKeyNode() instanceof ScalarNode key && !isMerge(key)) {
                    keys.putIfAbsent(key.getValue(), key);
                    values.putIfAbsent(key.getValue(), tuple.getValueNode());
                }
            }
            merge(seen, mapping);
        }
    }

    private static boolean isMerge(ScalarNode key) {
        return key.isPlain() && key.getValue().equals("<<");
    }

    private String pathOf(String key) {
        return path.isEmpty() ? key : path + "." + key;
    }
}
