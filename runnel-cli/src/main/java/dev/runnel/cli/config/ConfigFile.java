package dev.runnel.cli.config;

import dev.runnel.setup.Locations;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.composer.Composer;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.parser.Parser;
import org.snakeyaml.engine.v2.parser.ParserImpl;
import org.snakeyaml.engine.v2.scanner.StreamReader;
import org.snakeyaml.engine.v2.schema.FailsafeSchema;

/** Finds and reads the configuration file. */
public final class ConfigFile {
    /** What messages call a configuration that is no file. */
    public static final String STANDARD_INPUT = "standard input";

    private static final Path OWN_DEFAULT = Path.of("/etc/runnel.yml");
    private static final Path LITESTREAM_DEFAULT = Path.of("/etc/litestream.yml");

    /** In bytes; some ten thousand databases. */
    private static final int LARGEST = 2 << 20;

    private static final int DEEPEST = 50;

    private final Map<String, String> environment;
    private final Locations locations;
    private final Map<Path, Object> followed;

    public ConfigFile(Map<String, String> environment, Locations locations) {
        this(environment, locations, Map.of());
    }

    private ConfigFile(Map<String, String> environment, Locations locations, Map<Path, Object> followed) {
        this.environment = environment;
        this.locations = locations;
        this.followed = followed;
    }

    /** The same, read by a process that follows databases; see {@link dev.runnel.setup.DatabaseFolder#scan}. */
    public ConfigFile beside(Map<Path, Object> databases) {
        return new ConfigFile(environment, locations, databases);
    }

    /** Whether variables in keys and values are replaced. */
    public enum Expansion {
        EXPAND,
        KEEP_TEXT
    }

    /**
     * Where the configuration is unless the command line says: {@code $RUNNEL_CONFIG}, {@code $LITESTREAM_CONFIG},
     * {@code /etc/runnel.yml} if it is there, {@code /etc/litestream.yml}.
     */
    public Path defaultPath() {
        for (String variable : List.of("RUNNEL_CONFIG", "LITESTREAM_CONFIG")) {
            String path = environment.getOrDefault(variable, "");
            if (!path.isEmpty()) {
                return locations.path(path);
            }
        }
        return Files.exists(OWN_DEFAULT) ? OWN_DEFAULT : LITESTREAM_DEFAULT;
    }

    /**
     * Reads a file.
     *
     * @throws ConfigException if there is anything wrong in it
     */
    public Config read(Path file, Expansion expansion) throws IOException {
        return read(file.toString(), load(file), expansion);
    }

    /**
     * Reads standard input to its end.
     *
     * @throws ConfigException if there is anything wrong in it
     */
    public Config read(InputStream input, Expansion expansion) throws IOException {
        return read(STANDARD_INPUT, load(STANDARD_INPUT, input), expansion);
    }

    private Config read(String name, byte[] bytes, Expansion expansion) throws ConfigException {
        Findings findings = new Findings();
        Optional<Node> node = parse(name, decode(name, bytes), expansion, findings);
        if (node.isEmpty() || Value.isNothing(node.get())) {
            return Config.empty(findings.notices());
        }
        if (!(node.get() instanceof MappingNode top)) {
            throw ConfigException.of(
                    name, List.of(new Problem(1, 1, "", "expected keys and values, such as \"dbs:\"")));
        }
        Config config = new ConfigReader(locations, followed).read(new Section("", top, findings), findings);
        List<Problem> problems = findings.problems();
        if (!problems.isEmpty()) {
            throw ConfigException.of(name, problems);
        }
        return config;
    }

    private static byte[] load(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            return load(file.toString(), in);
        } catch (NoSuchFileException _) {
            throw file.equals(LITESTREAM_DEFAULT)
                    ? ConfigException.noneFound(OWN_DEFAULT, LITESTREAM_DEFAULT)
                    : ConfigException.notFound(file);
        }
    }

    private static byte[] load(String name, InputStream in) throws IOException {
        byte[] bytes = in.readNBytes(LARGEST + 1);
        if (bytes.length > LARGEST) {
            throw ConfigException.of(name, List.of(new Problem(1, 1, "", "more than " + LARGEST + " bytes")));
        }
        return bytes;
    }

    private static String decode(String name, byte[] bytes) throws ConfigException {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException _) {
            throw ConfigException.of(name, List.of(new Problem(1, 1, "", "not UTF-8 text")));
        }
    }

    private Optional<Node> parse(String name, String text, Expansion expansion, Findings findings)
            throws ConfigException {
        LoadSettings settings = LoadSettings.builder()
                .setSchema(new FailsafeSchema())
                .setUseMarks(true)
                .build();
        try {
            if (expansion == Expansion.KEEP_TEXT) {
                requireShallow(name, new Parse(settings).parseString(text));
                return new Compose(settings).composeString(text);
            }
            String hidden = EnvironmentExpansion.withHiddenBraces(text);
            requireShallow(name, new Parse(settings).parseString(hidden));
            EnvironmentExpansion variables = new EnvironmentExpansion(
                    environment, ProcessHandle.current().pid());
            Parser parser = new ParserImpl(settings, new StreamReader(settings, hidden));
            Optional<Node> node =
                    new Composer(settings, new ExpandingParser(parser, variables, findings)).getSingleNode();
            variables
                    .missing()
                    .forEach(variable -> findings.notice("environment variable " + variable + " is not set"));
            return node;
        } catch (MarkedYamlEngineException e) {
            throw at(name, e.getProblemMark().or(e::getContextMark), "not YAML: " + explain(e.getProblem()));
        } catch (YamlEngineException | IllegalArgumentException | IndexOutOfBoundsException e) {
            // The parser lets errors of Java out where text ends within an escape. Their messages quote the text.
            throw ConfigException.of(
                    name, List.of(new Problem(1, 1, "", "not YAML: a value or an escape does not end")));
        }
    }

    /** The library's words, but for the names in them: a password without quotes would be among them. */
    private static String explain(String problem) {
        if (problem.startsWith("found undefined alias")) {
            return "an alias that is not defined; a value that begins with * needs quotes";
        }
        return problem.startsWith("found undefined tag handle")
                ? "a tag that is not defined; a value that begins with ! needs quotes"
                : problem;
    }

    /** What comes after this is recursive. */
    private static void requireShallow(String name, Iterable<Event> events) throws ConfigException {
        int depth = 0;
        for (Event event : events) {
            switch (event.getEventId()) {
                case SequenceStart, MappingStart -> depth++;
                case SequenceEnd, MappingEnd -> depth--;
                default -> {}
            }
            if (depth > DEEPEST) {
                throw at(name, event.getStartMark(), "nested more than " + DEEPEST + " deep");
            }
        }
    }

    private static ConfigException at(String name, Optional<Mark> mark, String message) {
        int line = mark.map(Mark::getLine).orElse(0) + 1;
        int column = mark.map(Mark::getColumn).orElse(0) + 1;
        return ConfigException.of(name, List.of(new Problem(line, column, "", message)));
    }
}
