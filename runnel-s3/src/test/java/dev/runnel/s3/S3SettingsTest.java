package dev.runnel.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What URLs and keys mean, as Litestream 0.5 takes them. */
class S3SettingsTest {
    private static final String KEY_OF_32_BYTES = "MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=";

    @ParameterizedTest
    @CsvSource(nullValues = "-", textBlock = """
            # URL                                           bucket     path     region     endpoint                                style
            s3://backups,                                   backups,   '',      -,         -,                                      VIRTUAL_HOST
            s3://backups/a/b,                               backups,   a/b,     -,         -,                                      VIRTUAL_HOST
            s3://backups//a/./b/../c/,                      backups,   a/c,     -,         -,                                      VIRTUAL_HOST
            s3://backups/a%20b+c,                           backups,   a b+c,   -,         -,                                      VIRTUAL_HOST
            s3://b.localhost:9000/p,                        b,         p,       us-east-1, http://localhost:9000,                  PATH
            s3://b.minio.lan:9000/p,                        b,         p,       us-east-1, http://minio.lan:9000,                  PATH
            s3://b.s3.eu-west-1.amazonaws.com/p,            b,         p,       eu-west-1, -,                                      VIRTUAL_HOST
            s3://b.s3.amazonaws.com/p,                      b,         p,       -,         -,                                      VIRTUAL_HOST
            s3://b.c.s3.eu-west-1.amazonaws.com/p,          b.c,       p,       eu-west-1, -,                                      VIRTUAL_HOST
            s3://b.nyc3.digitaloceanspaces.com/p,           b,         p,       nyc3,      https://nyc3.digitaloceanspaces.com,    VIRTUAL_HOST
            s3://b.s3.us-west-002.backblazeb2.com/p,        b,         p,       us-west-002, https://s3.us-west-002.backblazeb2.com, PATH
            s3://b.s3.filebase.com/p,                       b,         p,       -,         https://s3.filebase.com,                PATH
            s3://b.s3.fr-par.scw.cloud/p,                   b,         p,       fr-par,    https://s3.fr-par.scw.cloud,            VIRTUAL_HOST
            s3://b.eu.linodeobjects.com/p,                  b.eu.linodeobjects.com, p, -,  -,                                      VIRTUAL_HOST
            s3://b/p?endpoint=localhost:9000,               b,         p,       -,         http://localhost:9000,                  PATH
            s3://b/p?endpoint=10.1.2.3:9000,                b,         p,       -,         http://10.1.2.3:9000,                   PATH
            s3://b/p?endpoint=172.20.0.9,                   b,         p,       -,         http://172.20.0.9,                      PATH
            s3://b/p?endpoint=172.2.0.9,                    b,         p,       -,         https://172.2.0.9,                      PATH
            s3://b/p?endpoint=nas.local,                    b,         p,       -,         http://nas.local,                       PATH
            s3://b/p?endpoint=storage.example.com,          b,         p,       -,         https://storage.example.com,            PATH
            s3://b/p?endpoint=http://storage.example.com,   b,         p,       -,         http://storage.example.com,             PATH
            s3://b/p?endpoint=x.com&forcePathStyle=false,   b,         p,       -,         https://x.com,                          VIRTUAL_HOST
            s3://b/p?endpoint=x.com&force-path-style=0,     b,         p,       -,         https://x.com,                          VIRTUAL_HOST
            s3://b/p?region=eu-north-1&forcePathStyle=true, b,         p,       eu-north-1, -,                                     PATH
            s3://b/p?endpoint=http://my_minio:9000,         b,         p,       -,         http://my_minio:9000,                   PATH
            s3://b/p?endpoint=stack_minio.example.com,      b,         p,       -,         https://stack_minio.example.com,        PATH
            s3://b.my_minio:9000/p,                         b,         p,       us-east-1, http://my_minio:9000,                   PATH
            s3://b.nyc3.digitaloceanspaces.com/p?endpoint=x.com, b,    p,       nyc3,      https://x.com,                          PATH
            """)
    void urls(String url, String bucket, String path, String region, String endpoint, S3Connection.Addressing style) {
        S3Settings settings = ofUrl(url);
        assertThat(settings.bucket()).isEqualTo(bucket);
        assertThat(settings.path()).isEqualTo(path);
        assertThat(settings.connection().region()).isEqualTo(Optional.ofNullable(region));
        assertThat(settings.connection().endpoint())
                .isEqualTo(Optional.ofNullable(endpoint).map(URI::create));
        assertThat(settings.connection().addressing()).isEqualTo(style);
    }

    @Test
    void anAccessPointIsTheBucketAndHasTheRegion() {
        S3Settings settings = ofUrl("s3://arn:aws:s3:eu-west-2:123456789012:accesspoint/mine/a/b?partSize=6000000");
        assertThat(settings.bucket()).isEqualTo("arn:aws:s3:eu-west-2:123456789012:accesspoint/mine");
        assertThat(settings.path()).isEqualTo("a/b");
        assertThat(settings.connection().region()).contains("eu-west-2");
        assertThat(settings.partSize()).isEqualTo(6_000_000);
        assertThat(of(Map.of(S3Option.BUCKET, "arn:aws:s3:eu-west-2:123456789012:accesspoint/mine"))
                        .connection()
                        .region())
                .contains("eu-west-2");
    }

    @ParameterizedTest
    @CsvSource(textBlock = """
            # endpoint                                 path  md5          parts
            https://fly.storage.tigris.dev,            PATH, CRC32,       5
            https://t3.storage.dev,                    PATH, CRC32,       5
            https://account.r2.cloudflarestorage.com,  PATH, CONTENT_MD5, 2
            https://s3.us-west-002.backblazeb2.com,    PATH, CONTENT_MD5, 5
            https://nyc3.digitaloceanspaces.com,       PATH, CONTENT_MD5, 5
            https://s3.filebase.com,                   PATH, CONTENT_MD5, 5
            https://s3.fr-par.scw.cloud,               PATH, CONTENT_MD5, 5
            https://fsn1.your-objectstorage.com,       PATH, CONTENT_MD5, 5
            https://ref.supabase.co/storage/v1/s3,     PATH, CONTENT_MD5, 5
            minio.example:9000,                        PATH, CONTENT_MD5, 5
            """)
    void providersHaveTheirDefaults(
            String endpoint, S3Connection.Addressing style, S3Connection.DeleteChecksum checksum, int concurrency) {
        S3Settings settings = of(Map.of(S3Option.BUCKET, "b", S3Option.ENDPOINT, endpoint));
        assertThat(settings.connection().addressing()).isEqualTo(style);
        assertThat(settings.connection().deleteChecksum()).isEqualTo(checksum);
        assertThat(settings.connection().payload()).isEqualTo(S3Connection.Payload.SIGNED);
        assertThat(settings.concurrency()).isEqualTo(concurrency);
        assertThat(settings.partSize()).isEqualTo(5 << 20);
    }

    @Test
    void everyDefaultCanBeOverridden() {
        S3Settings settings = ofUrl("s3://b/p?endpoint=t3.storage.dev&skipVerify=yes&sign-payload=f&requireContentMD5=1"
                + "&storage-class=GLACIER_IR&part-size=8388608&concurrency=9&sseKmsKeyId=key");
        assertThat(settings.connection().certificates()).isEqualTo(S3Connection.Certificates.IGNORED);
        assertThat(settings.connection().payload()).isEqualTo(S3Connection.Payload.UNSIGNED);
        assertThat(settings.connection().deleteChecksum()).isEqualTo(S3Connection.DeleteChecksum.CONTENT_MD5);
        assertThat(settings.storageClass()).contains("GLACIER_IR");
        assertThat(settings.partSize()).isEqualTo(8 << 20);
        assertThat(settings.concurrency()).isEqualTo(9);
        assertThat(settings.encryption()).isEqualTo(new ServerEncryption.Kms("key"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "s3://",
                "s3:///p",
                "s3://localhost:9000/p",
                "s3://nyc3.digitaloceanspaces.com/p",
                "s3://s3.filebase.com/p",
                "s3://user@b/p",
                "s3://b/p#x",
                "s3://arn:aws:s3:eu-west-2:123456789012:bucket/x",
                "s3://arn:aws:s3:eu-west-2:123456789012:accesspoint/",
                "s3://b/p?colour=blue",
                "s3://b/p?partSize=0",
                "s3://b/p?partSize=5MiB",
                "s3://b/p?partSize=1000",
                "s3://b/p?concurrency=-1",
                "s3://b/p?concurrency=9999",
                "s3://b/p?signPayload=maybe",
                "s3://b/p?region=a&region=b",
                "s3://b/p?endpoint=user:secret@host",
                "s3://b/p?sseCustomerKey=short",
                "s3://b/p?sseCustomerAlgorithm=AES256",
                "s3://b/p?sseCustomerAlgorithm=DES&sseCustomerKey=" + KEY_OF_32_BYTES,
                "s3://b/p?sseKmsKeyId=k&sseCustomerKey=" + KEY_OF_32_BYTES,
                "s3://b/p?endpoint=http://x.com&sseCustomerKey=" + KEY_OF_32_BYTES
            })
    void whatMakesNoSenseIsRefused(String url) {
        assertThatIllegalArgumentException().isThrownBy(() -> ofUrl(url));
    }

    @Test
    void aCustomersKeyMayGoUnencryptedWithinTheOwnNetworkOnly() {
        assertThat(ofUrl("s3://b/p?endpoint=127.0.0.1:9000&sseCustomerKey=" + KEY_OF_32_BYTES)
                        .encryption())
                .isEqualTo(new ServerEncryption.CustomerKey(KEY_OF_32_BYTES));
    }

    @Test
    void secretsAreNotShown() {
        Map<S3Option, String> options = new EnumMap<>(
                S3Settings.optionsOf("s3://b/p?endpoint=127.0.0.1:9000&sseCustomerKey=" + KEY_OF_32_BYTES));
        options.put(S3Option.ACCESS_KEY_ID, "id");
        options.put(S3Option.SECRET_ACCESS_KEY, "very-secret");
        S3Settings settings = S3Settings.of(options);
        String shown = settings + " " + settings.location() + " " + settings.connection() + " " + settings.encryption();
        assertThat(shown).doesNotContain("very-secret").doesNotContain(KEY_OF_32_BYTES);
        assertThat(settings.location()).isEqualTo("s3://b/p?endpoint=http://127.0.0.1:9000");
    }

    @ParameterizedTest
    @CsvSource({
        "http://my_minio:9000, my_minio, http://my-minio:9000",
        "http://_a.b_.stack_s3/base, _a.b_.stack_s3, http://x-a.b-x.stack-s3/base",
        "https://plain.example.com:1, plain.example.com, https://plain.example.com:1",
    })
    void aHostWithAnUnderscoreIsConnectedToByAStandIn(URI endpoint, String host, URI connectable) {
        assertThat(S3Endpoint.host(endpoint)).isEqualTo(host);
        assertThat(S3Endpoint.connectable(endpoint)).isEqualTo(connectable);
        assertThat(connectable.getHost()).isNotNull();
    }

    @Test
    void theAddressOfAStandInIsThatOfTheHost() {
        assertThat(S3Clients.resolver(URI.create("http://plain.example.com"))).isEmpty();
        assertThatExceptionOfType(UnknownHostException.class)
                .isThrownBy(() -> S3Clients.resolver(URI.create("http://no_such_host.invalid"))
                        .orElseThrow()
                        .resolve("no-such-host.invalid"))
                .withMessageContaining("no_such_host.invalid");
    }

    @Test
    void anEndpointOfTheEnvironmentIsNotAmazon() {
        Map<S3Option, String> bucket = Map.of(S3Option.BUCKET, "b");
        S3Settings settings = S3Settings.of(bucket, Map.of("AWS_ENDPOINT_URL", "http://minio:9000"));
        assertThat(settings.connection().endpoint()).contains(URI.create("http://minio:9000"));
        assertThat(settings.connection().addressing()).isEqualTo(S3Connection.Addressing.PATH);
        assertThat(settings.connection().provider()).isEqualTo(S3Provider.OTHER);
        assertThat(settings.location()).isEqualTo("s3://b?endpoint=http://minio:9000");
        assertThat(new Dialect(settings.connection().provider(), "b").areKept()).isFalse();
    }

    @Test
    void theEndpointIsTheOneThatIsSaidMostNarrowly() {
        Map<String, String> both = Map.of("AWS_ENDPOINT_URL", "http://all:1", "AWS_ENDPOINT_URL_S3", "http://s3:2");
        assertThat(S3Settings.of(Map.of(S3Option.BUCKET, "b"), both)
                        .connection()
                        .endpoint())
                .contains(URI.create("http://s3:2"));
        Map<S3Option, String> given = Map.of(S3Option.BUCKET, "b", S3Option.ENDPOINT, "http://own:3");
        assertThat(S3Settings.of(given, both).connection().endpoint()).contains(URI.create("http://own:3"));
        Map<String, String> ignored =
                Map.of("AWS_ENDPOINT_URL", "http://all:1", "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", "true");
        assertThat(S3Settings.of(Map.of(S3Option.BUCKET, "b"), ignored)
                        .connection()
                        .endpoint())
                .isEmpty();
    }

    @Test
    void aProfileMayNameTheEndpoint(@TempDir Path folder) throws IOException {
        Path config = folder.resolve("config");
        Files.writeString(config, """
                [default]
                endpoint_url = http://all:1

                [profile lab]
                services = lab-services

                [services lab-services]
                s3 =
                  endpoint_url = http://lab:2
                """);
        Map<S3Option, String> bucket = Map.of(S3Option.BUCKET, "b");
        Map<String, String> environment = Map.of("AWS_CONFIG_FILE", config.toString());
        assertThat(S3Settings.of(bucket, environment).connection().endpoint()).contains(URI.create("http://all:1"));
        assertThat(S3Settings.of(bucket, Map.of("AWS_CONFIG_FILE", config.toString(), "AWS_PROFILE", "lab"))
                        .connection()
                        .endpoint())
                .contains(URI.create("http://lab:2"));
    }

    /** Litestream 0.5 puts a slash after the path as it was written; 0.3 joins the parts of a path. */
    @ParameterizedTest
    @CsvSource({
        "app, app/, app/",
        "team/app/, team/app//, team/app/",
        "two//x, two//x/, two/x/",
        "/lead, /lead/, lead/",
        "a/./b/../c, a/./b/../c/, a/c/",
        "'', /, ''"
    })
    void keysComeAfterThePathAsEachLayoutHasThem(String path, String asWritten, String joined) {
        S3Settings settings = of(Map.of(S3Option.BUCKET, "b", S3Option.PATH, path));
        assertThat(settings.keyPrefix()).isEqualTo(asWritten);
        assertThat(settings.withJoinedKeys().keyPrefix()).isEqualTo(joined);
        assertThat(settings.withJoinedKeys().equals(settings)).isEqualTo(asWritten.equals(joined));
    }

    private static S3Settings ofUrl(String url) {
        return S3Settings.of(S3Settings.optionsOf(url));
    }

    private static S3Settings of(Map<S3Option, String> options) {
        return S3Settings.of(options);
    }
}
