package dev.runnel;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.type;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.AccessTarget;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.library.Architectures.LayeredArchitecture;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The shape of the code: who may import whom, and who may touch files, clock, threads and randomness. */
final class ArchitectureTest {
    /** Each package, and those that may use it; the platform may be used by all. */
    private static final Map<String, String> USERS = Map.ofEntries(
            Map.entry("engine", ""),
            Map.entry("doctor", ""),
            Map.entry("verify", ""),
            Map.entry("restore", "engine verify"),
            Map.entry("capture", "engine"),
            Map.entry("replica.ltx", "doctor"),
            Map.entry("replica.generations", "doctor"),
            Map.entry("replica.inventory", "doctor replica.ltx replica.generations"),
            Map.entry("replica", "engine doctor restore verify replica.inventory replica.ltx replica.generations"),
            Map.entry("ledger", "engine doctor capture"),
            Map.entry("log", "engine doctor capture ledger verify"),
            Map.entry("location", ""),
            Map.entry(
                    "store",
                    "location engine doctor restore replica replica.inventory replica.ltx replica.generations log"),
            Map.entry(
                    "ltx",
                    "engine doctor restore verify capture ledger replica replica.inventory replica.ltx replica.generations log"),
            Map.entry("sqlite", "engine restore capture log replica.generations"));

    private static final JavaClasses CORE = new ClassFileImporter()
            .withImportOption(location -> !location.contains("test-classes"))
            .importPackages(Stream.concat(Stream.of("platform"), USERS.keySet().stream())
                    .map(name -> "dev.runnel." + name)
                    .toList());

    @Test
    void importsPointDownOnly() {
        LayeredArchitecture layers = layeredArchitecture()
                .consideringOnlyDependenciesInLayers()
                .layer("platform")
                .definedBy("dev.runnel.platform..");
        for (String layer : USERS.keySet()) {
            layers = layers.layer(layer).definedBy("dev.runnel." + layer + (layer.equals("replica") ? "" : ".."));
        }
        for (Map.Entry<String, String> layer : USERS.entrySet()) {
            LayeredArchitecture.LayerDependencySpecification rule = layers.whereLayer(layer.getKey());
            layers = layer.getValue().isEmpty()
                    ? rule.mayNotBeAccessedByAnyLayer()
                    : rule.mayOnlyBeAccessedByLayers(layer.getValue().split(" ", -1));
        }
        layers.check(CORE);
    }

    @Test
    void packagesHaveNoCycles() {
        slices().matching("dev.runnel.(**)").should().beFreeOfCycles().check(CORE);
    }

    @Test
    void i32OnlyOneClassOpensTheDatabaseFileOrTheWalIndex() {
        onlyMayOpen("dev.runnel.sqlite.PosixFile", "Descriptors", "NamedFile", "PosixFile");
        // The WAL carries no locks.
        onlyMayOpen("dev.runnel.sqlite.NamedFile", "Descriptors", "NamedFile", "SourceFiles");
    }

    private static void onlyMayOpen(String owner, String... openers) {
        Set<String> allowed = Set.of(openers);
        noClasses()
                .that(describe(
                        "are not among " + allowed,
                        c -> !c.getPackageName().equals("dev.runnel.sqlite") || !allowed.contains(c.getSimpleName())))
                .should()
                .accessTargetWhere(describe(
                        "opens a descriptor by " + owner,
                        access -> access.getTargetOwner().getName().equals(owner)
                                && access.getTarget().getName().startsWith("open")))
                .check(CORE);
    }

    @Test
    void onlyPlatformAndSqliteTouchFiles() {
        noClasses()
                .that(resideOutside("dev.runnel.platform..", "dev.runnel.sqlite.."))
                .and(describe(
                        "are not the rules of attaching, which look at the database from outside",
                        c -> !c.getName().startsWith("dev.runnel.capture.AttachRules")))
                .should()
                .dependOnClassesThat(type(java.nio.channels.FileChannel.class)
                        .or(type(java.io.File.class))
                        .or(type(java.io.FileInputStream.class))
                        .or(type(java.io.FileOutputStream.class))
                        .or(type(java.io.RandomAccessFile.class))
                        .or(type(java.nio.file.Files.class)))
                .check(CORE);
    }

    @Test
    void onlyPlatformKnowsClockThreadsAndRandomness() {
        noClasses()
                .that(resideOutside("dev.runnel.platform.."))
                .should()
                .callMethodWhere(isAmbient())
                .orShould()
                .dependOnClassesThat(type(java.util.Random.class)
                        .or(type(java.security.SecureRandom.class))
                        .or(type(java.util.concurrent.ThreadLocalRandom.class))
                        .or(type(java.util.concurrent.Executors.class)))
                .check(CORE);
    }

    private static DescribedPredicate<com.tngtech.archunit.core.domain.JavaMethodCall> isAmbient() {
        Set<String> ambient = Set.of(
                "java.lang.System.nanoTime",
                "java.lang.System.currentTimeMillis",
                "java.time.Instant.now",
                "java.time.Clock.systemUTC",
                "java.lang.Thread.sleep",
                "java.lang.Thread.start",
                "java.lang.Thread.ofVirtual",
                "java.lang.Thread.ofPlatform",
                "java.lang.Thread.startVirtualThread",
                "java.lang.Math.random");
        return describe("uses clock, threads or randomness of the machine", call -> {
            AccessTarget.MethodCallTarget target = call.getTarget();
            return ambient.contains(target.getOwner().getName() + "." + target.getName());
        });
    }

    private static DescribedPredicate<JavaClass> resideOutside(String... packages) {
        DescribedPredicate<JavaClass> inside = resideInAPackage(packages[0]);
        for (String name : packages) {
            inside = inside.or(resideInAPackage(name));
        }
        return DescribedPredicate.not(inside);
    }
}
