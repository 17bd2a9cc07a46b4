package dev.runnel.ltx;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * Replicas written by Litestream in both page encodings: merging files that lead to a TXID gives, byte for byte, the
 * database that Litestream restored for it. Each {@code expected.json} has one restore a line.
 */
class LitestreamMergeTest {
    private static final Path FIXTURES =
            Path.of(System.getProperty("runnel.project")).resolve("fixtures");

    private static final Pattern RESTORE =
            Pattern.compile("\\{\"args\": \\[\"-txid\", \"([0-9a-f]{16})\"],.* \"sha256\": \"([0-9a-f]{64})\"");

    /** A file of a replica. */
    private record Source(Path path, TxidRange txids) {}

    @TestFactory
    Stream<DynamicContainer> i8MergedFilesAreTheDatabaseThatLitestreamRestores() throws IOException {
        List<DynamicContainer> replicas = new ArrayList<>();
        for (String writer : List.of("litestream-0.5", "litestream-0.5-frame")) {
            try (Stream<Path> folders = Files.list(FIXTURES.resolve(writer))) {
                folders.filter(folder -> Files.isDirectory(folder.resolve("replica/ltx")))
                        .sorted()
                        .forEach(folder -> replicas.add(DynamicContainer.dynamicContainer(
                                writer + "/" + folder.getFileName(), restores(folder))));
            }
        }
        assertThat(replicas).hasSizeGreaterThan(10);
        return replicas.stream();
    }

    private static Stream<DynamicTest> restores(Path folder) {
        List<DynamicTest> tests = new ArrayList<>();
        try (Stream<String> lines = Files.lines(folder.resolve("expected.json"))) {
            lines.map(RESTORE::matcher)
                    .filter(Matcher::find)
                    .forEach(restore -> tests.add(DynamicTest.dynamicTest(
                            "TXID " + restore.group(1),
                            () -> assertThat(sha256(chain(folder.resolve("replica/ltx"), Txid.parse(restore.group(1)))))
                                    .isEqualTo(restore.group(2)))));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        assertThat(tests).as("restores of %s", folder).isNotEmpty();
        return tests.stream();
    }

    /** Goes as far as possible with each file, whatever its level; beyond the newest TXID Litestream once gave the newest. */
    private static List<Path> chain(Path levels, Txid target) throws IOException {
        List<Source> all = new ArrayList<>();
        try (Stream<Path> paths = Files.walk(levels, 2)) {
            paths.forEach(path -> LtxFileName.parse(String.valueOf(path.getFileName()))
                    .ifPresent(txids -> all.add(new Source(path, txids))));
        }
        List<Path> chain = new ArrayList<>();
        Txid reached = Txid.NONE;
        for (Optional<Source> next = next(all, reached, target); next.isPresent(); next = next(all, reached, target)) {
            chain.add(next.get().path());
            reached = next.get().txids().max();
        }
        return chain;
    }

    private static Optional<Source> next(List<Source> all, Txid reached, Txid target) {
        return all.stream()
                .filter(file -> !file.txids().min().isAfter(reached.next()))
                .filter(file -> file.txids().max().isAfter(reached))
                .filter(file -> !file.txids().max().isAfter(target))
                .max(Comparator.comparing(file -> file.txids().max()));
    }

    private static String sha256(List<Path> files) throws IOException, NoSuchAlgorithmException {
        List<LtxDecoder> decoders = new ArrayList<>();
        for (Path file : files) {
            decoders.add(LtxDecoder.open(file.toString(), new ByteArrayInputStream(Files.readAllBytes(file))));
        }
        LtxMerge merge = LtxMerge.of(decoders);
        int pageSize = merge.header().pageSize().bytes();
        MessageDigest digest = MessageDigest.getInstance("SHA-256");
        int[] pages = new int[1];
        merge.readTo((number, data, offset) -> {
            assertThat(number).isEqualTo(++pages[0]);
            digest.update(data, offset, pageSize);
        });
        assertThat(pages[0]).isEqualTo(merge.header().commit());
        return HexFormat.of().formatHex(digest.digest());
    }
}
