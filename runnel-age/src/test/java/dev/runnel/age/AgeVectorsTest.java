package dev.runnel.age;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.runnel.platform.Clock;
import dev.runnel.store.ByteRange;
import dev.runnel.store.MemoryStore;
import dev.runnel.store.PutOptions;
import dev.runnel.store.StoreException;
import dev.runnel.testkit.store.Bodies;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import java.util.zip.InflaterInputStream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * The published test vectors of the age format, all of them: what is an age file, what is none, and what is in it. Files for
 * passphrases, for post-quantum keys, and in the form of text are refused by a message that names the reason.
 */
final class AgeVectorsTest {
    private static final Path FOLDER = Path.of(System.getProperty("runnel.project"), "fixtures", "age");
    private static final String POST_QUANTUM = "AGE-SECRET-KEY-PQ-1";

    @TestFactory
    Stream<DynamicTest> vectors() throws IOException {
        List<Path> files;
        try (Stream<Path> all = Files.list(FOLDER)) {
            files = all.filter(file -> !file.endsWith("README.md")).sorted().toList();
        }
        assertThat(files).hasSize(143);
        return files.stream()
                .map(file ->
                        DynamicTest.dynamicTest(String.valueOf(file.getFileName()), () -> check(Vector.read(file))));
    }

    private static void check(Vector vector) throws Exception {
        ByteArrayOutputStream content = new ByteArrayOutputStream();
        String outcome = read(vector, content);
        if (vector.isUnsupported()) {
            assertThat(content.size()).isZero();
            assertThat(outcome).containsAnyOf(vector.refusals());
            return;
        }
        switch (vector.one("expect").orElseThrow()) {
            case "success" -> assertThat(outcome).isEqualTo("success");
            case "no match" -> assertThat(outcome).contains("none of the age identities opens it");
            case "HMAC failure" -> assertThat(outcome).contains("authentication code is wrong");
            case "header failure" -> assertThat(outcome).containsAnyOf("age header", "not encrypted");
            case "payload failure" -> assertThat(outcome).containsAnyOf("encrypted content", "ends within it");
            default -> throw new AssertionError("unknown expectation");
        }
        Optional<String> payload = vector.one("payload");
        if (payload.isPresent()) {
            assertThat(sha256(content.toByteArray())).isEqualTo(payload.get());
        }
    }

    private static String read(Vector vector, ByteArrayOutputStream content) throws Exception {
        MemoryStore raw = new MemoryStore(Clock.system());
        raw.put("vector", Bodies.of(vector.file()), PutOptions.replace(Instant.EPOCH));
        AgeStore store = new AgeStore(raw, new AgeKeys(identities(vector), List.of()));
        try (InputStream in = store.open("vector", ByteRange.ALL)) {
            in.transferTo(content);
            return "success";
        } catch (StoreException.Damaged | StoreException.Encryption e) {
            return e.reason();
        }
    }

    /** A vector for a passphrase or a post-quantum key is read with an identity that does not fit. */
    private static List<Identity> identities(Vector vector) throws AgeKeyException {
        List<Identity> identities = new ArrayList<>();
        for (String text : vector.all("identity")) {
            if (text.startsWith(POST_QUANTUM)) {
                assertThatExceptionOfType(AgeKeyException.class)
                        .isThrownBy(() -> Identity.parse(text))
                        .satisfies(e -> assertThat(e.nextStep()).contains("post-quantum keys are not supported"));
            } else {
                identities.add(Identity.parse(text));
            }
        }
        return identities.isEmpty() ? List.of(TestKeys.FIRST) : identities;
    }

    private static String sha256(byte[] bytes) throws GeneralSecurityException {
        return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    }

    private static final class Vector {
        private final List<String> lines;
        private final byte[] file;

        private Vector(List<String> lines, byte[] file) {
            this.lines = lines;
            this.file = file;
        }

        byte[] file() {
            return file;
        }

        /** Whether it is for a part of the format that Runnel refuses, whatever the vector expects of others. */
        boolean isUnsupported() {
            return refusals().length > 0;
        }

        String[] refusals() {
            if (lines.contains("armored: yes")) {
                return new String[] {"form of text (armor)", "not encrypted with age"};
            }
            if (new String(file, StandardCharsets.ISO_8859_1).contains("\n-> scrypt")) {
                return new String[] {"encrypted with a passphrase"};
            }
            if (all("identity").stream().anyMatch(text -> text.startsWith(POST_QUANTUM))) {
                return new String[] {"none of the age identities opens it", "age header is damaged"};
            }
            return new String[0];
        }

        static Vector read(Path path) {
            try {
                byte[] all = Files.readAllBytes(path);
                String text = new String(all, StandardCharsets.ISO_8859_1);
                int end = text.indexOf("\n\n");
                List<String> lines = text.substring(0, end).lines().toList();
                byte[] file = text.substring(end + 2).getBytes(StandardCharsets.ISO_8859_1);
                return new Vector(lines, lines.contains("compressed: zlib") ? inflated(file) : file);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        private static byte[] inflated(byte[] bytes) throws IOException {
            try (InputStream in = new InflaterInputStream(new ByteArrayInputStream(bytes))) {
                return in.readAllBytes();
            }
        }

        List<String> all(String name) {
            String start = name + ": ";
            return lines.stream()
                    .filter(line -> line.startsWith(start))
                    .map(line -> line.substring(start.length()))
                    .toList();
        }

        Optional<String> one(String name) {
            return all(name).stream().findFirst();
        }
    }
}
