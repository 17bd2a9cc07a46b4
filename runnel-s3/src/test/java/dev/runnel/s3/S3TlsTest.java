package dev.runnel.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.runnel.s3.S3Clients.Retries;
import dev.runnel.s3.ScriptedS3.Answer;
import dev.runnel.store.ByteRange;
import dev.runnel.store.PutOptions;
import dev.runnel.store.StoreException;
import dev.runnel.testkit.s3.S3Service;
import dev.runnel.testkit.s3.SelfSigned;
import dev.runnel.testkit.store.Bodies;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A service whose certificate nobody has signed: nothing goes there unless the user says that it may. */
@Tag("slow")
class S3TlsTest {
    private static final PutOptions REPLACE = PutOptions.replace(Instant.parse("2026-03-02T12:00:00Z"));
    private static final Retries FAST = new Retries(2, Duration.ofMillis(1));

    @TempDir
    private static Path folder;

    private static SelfSigned certificate;
    private static S3Service service;

    private final List<AutoCloseable> opened = new ArrayList<>();

    @BeforeAll
    static void start() {
        certificate = SelfSigned.make(folder, "ip:127.0.0.1");
        service = S3Service.startSecure(certificate);
        service.createBucket("bucket");
    }

    @AfterAll
    static void end() {
        service.close();
    }

    @AfterEach
    void stop() throws Exception {
        for (AutoCloseable each : opened.reversed()) {
            each.close();
        }
    }

    @Test
    void withoutASettingItIsNotTrustedAndNothingIsSent() {
        S3Store store = store(Map.of(), Map.of());
        assertThatExceptionOfType(StoreException.Unavailable.class)
                .isThrownBy(() -> store.put("never", Bodies.of("secret"), REPLACE))
                .withMessageContaining("PKIX path building failed");
        assertThat(service.keys("bucket", "")).doesNotContain("app/never");
    }

    @Test
    void aBundleWithItsCertificateMakesItTrusted() throws IOException {
        roundTrip(store(Map.of("AWS_CA_BUNDLE", certificate.certificate().toString()), Map.of()));
    }

    @Test
    void aTrustedCertificateForAnotherHostIsRefused() throws IOException {
        SelfSigned other = SelfSigned.make(Files.createDirectory(folder.resolve("other")), "dns:other.example.com");
        S3Service impostor = S3Service.startSecure(other);
        opened.add(impostor);
        impostor.createBucket("bucket");
        Map<String, String> bundle = Map.of("AWS_CA_BUNDLE", other.certificate().toString());
        S3Store store = store(bundle, Map.of(S3Option.ENDPOINT, impostor.endpoint()));
        assertThatExceptionOfType(StoreException.Unavailable.class)
                .isThrownBy(() -> store.put("key", Bodies.of("secret"), REPLACE))
                .withMessageContaining("127.0.0.1");
        roundTrip(store(bundle, Map.of(S3Option.ENDPOINT, impostor.endpoint(), S3Option.SKIP_VERIFY, "true")));
    }

    @Test
    void aBundleThatCannotBeReadIsNamed() throws IOException {
        Path empty = Files.createFile(folder.resolve("empty.pem"));
        assertThatExceptionOfType(StoreException.Unavailable.class)
                .isThrownBy(() -> store(Map.of("AWS_CA_BUNDLE", empty.toString()), Map.of())
                        .put("key", Bodies.of("secret"), REPLACE))
                .withMessageContaining("AWS_CA_BUNDLE: no certificate in " + empty);
        assertThatExceptionOfType(StoreException.Unavailable.class)
                .isThrownBy(() -> store(
                                Map.of(
                                        "AWS_CA_BUNDLE",
                                        folder.resolve("missing").toString()),
                                Map.of())
                        .put("key", Bodies.of("secret"), REPLACE))
                .withMessageContaining("AWS_CA_BUNDLE: cannot read " + folder.resolve("missing"));
    }

    @Test
    void skipVerifyTrustsEveryCertificate() throws IOException {
        roundTrip(store(Map.of(), Map.of(S3Option.SKIP_VERIFY, "true")));
    }

    @Test
    void aServiceThatChecksSignaturesTakesAnUnsignedPayload() throws IOException {
        roundTrip(store(Map.of(), Map.of(S3Option.SKIP_VERIFY, "true", S3Option.SIGN_PAYLOAD, "false")));
    }

    @ParameterizedTest
    @CsvSource({"false, UNSIGNED-PAYLOAD", "true, 2bb80d537b1da3e38bd30361aa855686bde0eacd7162fef6a25fe97bf527a25b"})
    void theSignatureCoversTheContentUnlessItIsLeftOut(String signed, String digest) throws StoreException {
        ScriptedS3 scripted =
                ScriptedS3.startSecure(certificate, _ -> Answer.of(200, "").with("ETag", "\"tag\""));
        opened.add(scripted::stop);
        scripted.store(Map.of(S3Option.SKIP_VERIFY, "true", S3Option.SIGN_PAYLOAD, signed))
                .put("key", Bodies.of("secret"), REPLACE);
        assertThat(scripted.requests().getFirst().header("x-amz-content-sha256"))
                .isEqualTo(digest);
    }

    private static void roundTrip(S3Store store) throws IOException {
        store.put("key", Bodies.of("secret"), REPLACE);
        try (InputStream in = store.open("key", ByteRange.ALL)) {
            assertThat(in.readAllBytes()).asString().isEqualTo("secret");
        }
    }

    private S3Store store(Map<String, String> environment, Map<S3Option, String> more) {
        Map<S3Option, String> options = new EnumMap<>(S3Option.class);
        options.put(S3Option.ENDPOINT, service.endpoint());
        options.put(S3Option.ACCESS_KEY_ID, S3Service.ACCESS_KEY);
        options.put(S3Option.SECRET_ACCESS_KEY, S3Service.SECRET_KEY);
        options.put(S3Option.BUCKET, "bucket");
        options.put(S3Option.PATH, "app");
        options.putAll(more);
        S3Clients clients = new S3Clients(environment, FAST);
        opened.add(clients);
        return new S3Store(clients, S3Settings.of(options));
    }
}
