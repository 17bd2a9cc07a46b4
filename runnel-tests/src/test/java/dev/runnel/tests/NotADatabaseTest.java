package dev.runnel.tests;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runnel.testkit.Seeds;
import dev.runnel.testkit.sql.SqlFailure;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A file that is no database is named as such and not touched; a database that takes its place is followed. */
@Tag("slow")
class NotADatabaseTest {
    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    Path folder;

    enum Content {
        SHORT_TEXT("it has 11 bytes"),
        TEXT("it begins with 69 64 2c 6e 6f 74 65 0a "),
        ENCRYPTED("it begins with "),
        CUT_SHORT("it has 60 bytes"),
        UNKNOWN_VERSION("SQLite does not recognise its header");

        private final String found;

        Content(String found) {
            this.found = found;
        }

        private byte[] bytes() {
            byte[] header = Arrays.copyOf("SQLite format 3\0\20\0".getBytes(StandardCharsets.ISO_8859_1), 8192);
            header[18] = 9;
            header[19] = 9;
            header[21] = 64;
            header[22] = 32;
            header[23] = 32;
            return switch (this) {
                case SHORT_TEXT -> "hello world".getBytes(StandardCharsets.US_ASCII);
                case TEXT -> "id,note\n1,first\n".repeat(600).getBytes(StandardCharsets.US_ASCII);
                case ENCRYPTED -> {
                    byte[] random = new byte[8192];
                    new Random(Seeds.of("encrypted database")).nextBytes(random);
                    yield random;
                }
                case CUT_SHORT -> Arrays.copyOf(header, 60);
                case UNKNOWN_VERSION -> header;
            };
        }
    }

    @ParameterizedTest
    @EnumSource
    void i34WhatItIsIsSaidAndADatabaseInItsPlaceIsFollowed(Content content) throws IOException, SqlFailure {
        Scene scene = new Scene(folder);
        byte[] bytes = content.bytes();
        Files.write(scene.database(), bytes);
        Path real = scene.file("real.db");
        try (ProgramEngine engine = scene.startRunnel()) {
            engine.awaitLog(Pattern.compile(
                    "degraded: .*app.db: is not a SQLite database: " + Pattern.quote(content.found) + ".*Name the"));
            assertThat(scene.database()).hasBinaryContent(bytes);
            assertThat(folder).isDirectoryNotContaining(path -> path.toString().endsWith("-wal"));
            Application.start(real).orders(3, "before it was put there").close();
            Scene.move(real, scene.database());
            try (Application application = Application.start(scene.database())) {
                scene.nextCommitIsRestorable(application, engine);
            }
        }
    }

    @Test
    void i34ADatabaseThatIsOverwrittenWithSomethingElseIsNamedAndTheNextOneIsFollowed() throws IOException, SqlFailure {
        Scene scene = new Scene(folder);
        try (ProgramEngine engine = scene.startRunnel()) {
            try (Application application = Application.start(scene.database())) {
                scene.nextCommitIsRestorable(application, engine);
            }
            scene.awaitLetGo();
            Path backup = scene.backUp();
            Files.write(scene.database(), Content.TEXT.bytes());
            engine.awaitLog(Pattern.compile("is not a SQLite database"));
            assertThat(scene.database()).hasBinaryContent(Content.TEXT.bytes());
            Files.write(scene.database(), Files.readAllBytes(backup));
            try (Application application = Application.start(scene.database())) {
                scene.nextCommitIsRestorable(application, engine);
            }
        }
    }
}
