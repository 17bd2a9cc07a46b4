package dev.runnel.bench;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import org.gaul.s3proxy.S3Proxy;
import org.gaul.s3proxy.auth.AuthenticationType;
import org.gaul.s3proxy.nio2blob.FilesystemNio2BlobStore;

/**
 * S3Proxy over a folder, in a process of its own so that what it takes is not counted as ours. Takes the folder and a file,
 * makes the bucket {@code bench}, writes into the file where it listens, and runs until it is killed. The keys are
 * {@code testkey} and {@code testsecret}.
 */
public final class S3Server {
    private static final long LARGEST_REQUEST = 64L << 20;

    private S3Server() {}

    public static void main(String[] args) throws Exception {
        Path folder = Path.of(args[0]);
        Files.createDirectories(folder.resolve("bench"));
        S3Proxy proxy = S3Proxy.builder()
                .blobStore(new FilesystemNio2BlobStore(folder.toString()))
                .endpoint(URI.create("http://127.0.0.1:0"))
                .awsAuthentication(AuthenticationType.AWS_V4, "testkey", "testsecret")
                .v4MaxNonChunkedRequestSize(LARGEST_REQUEST)
                .build();
        proxy.start();
        Files.writeString(Path.of(args[1]), "http://127.0.0.1:" + proxy.getPort() + "\n");
    }
}
