package dev.runnel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runnel.testkit.process.Child;
import dev.runnel.testkit.sql.JdbcSession;
import dev.runnel.testkit.sql.SqlSession;
import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The examples in the Javadoc of {@link Runnel}: compiled and run as they stand there, but for their paths, in a module of
 * their own.
 */
class DocumentedExamplesTest {
    private static final Path SOURCE = Path.of("src/main/java/dev/runnel/Runnel.java");
    private static final Duration LIMIT = Duration.ofMinutes(2);

    /** What an application needs. */
    private static final List<String> LIBRARIES = List.of(
            "runnel-library",
            "runnel-base",
            "runnel-core",
            "runnel-age",
            "sqlite-jdbc",
            "lz4-java",
            "slf4j-api",
            "jagged");

    @TempDir
    Path folder;

    @Test
    void whatIsFollowedCanBeRestored() throws Exception {
        run("Follow", example("follow"));
        run("Restore", example("restore"));
        try (SqlSession copy = JdbcSession.open(folder.resolve("copy.db"))) {
            assertThat(copy.rows("select amount from invoice")).containsExactly("100");
        }
    }

    private void run(String className, String code) throws IOException {
        Path module = Files.createDirectory(folder.resolve(className));
        Path descriptor = Files.writeString(module.resolve("module-info.java"), """
                module example {
                    requires dev.runnel;
                    requires java.sql;
                }
                """);
        Path file = Files.writeString(module.resolve(className + ".java"), """
                package example;

                import dev.runnel.*;
                import java.nio.file.Path;
                import java.sql.*;
                import java.time.Duration;

                public class %s {
                    public static void main(String[] arguments) throws Exception {
                        %s
                    }
                }
                """.formatted(className, localized(code)));
        compile(module, descriptor, file);
        List<String> command = List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED,org.xerial.sqlitejdbc",
                "--module-path",
                libraries() + File.pathSeparator + module,
                "--module",
                "example/example." + className);
        try (Child program = Child.start(command, Map.of())) {
            assertThat(program.awaitExit(LIMIT)).as(program.transcript()).isZero();
        }
    }

    private static void compile(Path output, Path... files) {
        ByteArrayOutputStream said = new ByteArrayOutputStream();
        String[] arguments = {
            "--module-path", libraries(), "-d", output.toString(), files[0].toString(), files[1].toString()
        };
        int status = ToolProvider.getSystemJavaCompiler().run(null, said, said, arguments);
        assertThat(status).as(said.toString(StandardCharsets.UTF_8)).isZero();
    }

    private static String libraries() {
        return Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
                .filter(entry -> LIBRARIES.stream().anyMatch(entry::contains) && !entry.contains("test-classes"))
                .collect(Collectors.joining(File.pathSeparator));
    }

    private static String example(String id) throws IOException {
        Matcher snippet = Pattern.compile(
                        "@snippet id=\"" + id + "\" lang=\"java\" :\n(.*?)\n \\* \\}\n \\*\n", Pattern.DOTALL)
                .matcher(Files.readString(SOURCE));
        assertThat(snippet.find()).as("the example " + id).isTrue();
        return snippet.group(1).replaceAll("(?m)^ \\* ?", "");
    }

    private String localized(String code) {
        return code.replace(
                        "s3://backup/orders", folder.resolve("replica").toUri().toString())
                .replace("orders.db", folder.resolve("orders.db").toString())
                .replace("copy.db", folder.resolve("copy.db").toString());
    }
}
