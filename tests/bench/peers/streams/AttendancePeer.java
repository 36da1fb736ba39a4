import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Properties;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.Stores;

/**
 * The same attendance facts folded by pupil with Kafka Streams, exactly once: per pupil the sums, and each day's
 * contribution with its revision, so that a correction takes the old one back. No score, no closed days, no institutions:
 * less than risk_scoring does. Ends after so many facts and prints one JSON object.
 */
public final class AttendancePeer {
  private static final String STORE = "pupils";
  private static final byte[] EVENT =
      "tilts.facts.v1.AttendanceRecorded".getBytes(StandardCharsets.US_ASCII);

  /** One decoded fact; reused for every record. */
  private static final class Fact {
    int day;
    int revision;
    boolean withdrawn;
    final int[] counts = new int[5]; // offered, late, unknown, excused, unexcused
  }

  /** As much of Protobuf's wire format as the envelope and the event need; nothing is copied. */
  private static final class Wire {
    final byte[] bytes;
    int at;
    final int end;
    int field;
    int length; // of a length-delimited field, whose bytes begin at `at`
    long number; // of a varint

    Wire(byte[] bytes, int from, int end) {
      this.bytes = bytes;
      this.at = from;
      this.end = end;
    }

    long varint() {
      long value = 0;
      for (int shift = 0; ; shift += 7) {
        byte next = bytes[at++];
        value |= (long) (next & 0x7f) << shift;
        if (next >= 0) return value;
      }
    }

    /** False at the end. A length-delimited field must be skipped by the caller: at += length. */
    boolean next() {
      if (at >= end) return false;
      int tag = (int) varint();
      field = tag >>> 3;
      length = 0;
      switch (tag & 7) {
        case 0 -> number = varint();
        case 2 -> length = (int) varint();
        default -> throw new IllegalStateException("wire type " + (tag & 7));
      }
      return true;
    }
  }

  private static boolean decode(byte[] envelope, Fact fact) {
    Wire wire = new Wire(envelope, 0, envelope.length);
    boolean attendance = false;
    while (wire.next()) {
      if (wire.field == 2) attendance = same(wire);
      if (wire.field == 15 && attendance) decodeEvent(new Wire(envelope, wire.at, wire.at + wire.length), fact);
      wire.at += wire.length;
    }
    return attendance;
  }

  private static boolean same(Wire wire) {
    if (wire.length != EVENT.length) return false;
    for (int i = 0; i < EVENT.length; i++) if (wire.bytes[wire.at + i] != EVENT[i]) return false;
    return true;
  }

  private static void decodeEvent(Wire wire, Fact fact) {
    fact.day = 0;
    fact.revision = 0;
    fact.withdrawn = false;
    java.util.Arrays.fill(fact.counts, 0);
    while (wire.next()) {
      if (wire.field == 2) {
        Wire stamp = new Wire(wire.bytes, wire.at, wire.at + wire.length);
        while (stamp.next()) {
          if (stamp.field == 2) fact.revision = (int) stamp.number;
          if (stamp.field == 3) fact.withdrawn = stamp.number != 0;
          stamp.at += stamp.length;
        }
      } else if (wire.field == 3) {
        fact.day = (int) wire.number;
      } else if (wire.field >= 4 && wire.field <= 8) {
        fact.counts[wire.field - 4] = (int) wire.number;
      }
      wire.at += wire.length;
    }
  }

  /**
   * State of a pupil: five sums of four bytes, then five bytes for each day since the school year's first: revision and
   * the five counts of four bits.
   */
  private static final class Fold implements Processor<byte[], byte[], Void, Void> {
    private static final int SUMS = 20;
    private static final int DAY = 5;
    private final int firstDay;
    private final Progress progress;
    private final Fact fact = new Fact();
    private KeyValueStore<byte[], byte[]> store;

    Fold(int firstDay, Progress progress) {
      this.firstDay = firstDay;
      this.progress = progress;
    }

    @Override
    public void init(ProcessorContext<Void, Void> context) {
      store = context.getStateStore(STORE);
    }

    @Override
    public void process(Record<byte[], byte[]> record) {
      if (!decode(record.value(), fact)) return;
      byte[] state = store.get(record.key());
      int slot = SUMS + (fact.day - firstDay) * DAY;
      if (state == null) state = new byte[slot + DAY];
      else if (state.length < slot + DAY) state = java.util.Arrays.copyOf(state, slot + DAY);
      else state = state.clone();
      if (fact.revision > number(state, slot, 2)) {
        apply(state, slot);
        store.put(record.key(), state);
      }
      progress.add();
    }

    private void apply(byte[] state, int slot) {
      long before = number(state, slot + 2, 3);
      long after = 0;
      for (int i = 0; i < 5; i++) {
        int was = (int) (before >>> (4 * i)) & 15;
        int is = fact.withdrawn ? 0 : fact.counts[i];
        after |= (long) is << (4 * i);
        write(state, 4 * i, 4, number(state, 4 * i, 4) + is - was);
        progress.lessons[i] += is - was;
      }
      write(state, slot, 2, fact.revision);
      write(state, slot + 2, 3, after);
    }

    private static long number(byte[] bytes, int at, int size) {
      long value = 0;
      for (int i = 0; i < size; i++) value = value << 8 | bytes[at + i] & 255;
      return value;
    }

    private static void write(byte[] bytes, int at, int size, long value) {
      for (int i = size - 1; i >= 0; i--, value >>>= 8) bytes[at + i] = (byte) value;
    }
  }

  /** Written by the one stream thread; read by main after the latch. */
  private static final class Progress {
    final long goal;
    final long[] lessons = new long[5];
    final CountDownLatch reached = new CountDownLatch(1);
    long count;
    long firstAt, halfAt, endAt;
    double firstProcessor, halfProcessor, endProcessor;

    Progress(long goal) {
      this.goal = goal;
    }

    void add() {
      count++;
      if (count == 1) {
        firstAt = System.nanoTime();
        firstProcessor = processorSeconds();
      } else if (count == goal / 2) {
        halfAt = System.nanoTime();
        halfProcessor = processorSeconds();
      } else if (count == goal) {
        endAt = System.nanoTime();
        endProcessor = processorSeconds();
        reached.countDown();
      }
    }
  }

  private static double processorSeconds() {
    return ProcessHandle.current().info().totalCpuDuration().orElse(Duration.ZERO).toNanos() / 1e9;
  }

  private static String span(long records, long nanoseconds, double processor) {
    double seconds = nanoseconds / 1e9;
    return String.format(java.util.Locale.ROOT,
        "{\"records\":%d,\"seconds\":%.3f,\"processor_seconds\":%.3f,\"records_per_second\":%.0f,"
            + "\"records_per_processor_second\":%.0f}",
        records, seconds, processor, records / seconds, records / processor);
  }

  public static void main(String[] arguments) throws Exception {
    if (arguments.length != 6) {
      System.err.println("usage: AttendancePeer brokers topic facts first-day state-directory limit-seconds");
      System.exit(2);
    }
    Progress progress = new Progress(Long.parseLong(arguments[2]));
    int firstDay = Integer.parseInt(arguments[3]);
    Properties settings = new Properties();
    settings.put(StreamsConfig.APPLICATION_ID_CONFIG, "bench-streams-peer");
    settings.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, arguments[0]);
    settings.put(StreamsConfig.STATE_DIR_CONFIG, arguments[4]);
    settings.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, StreamsConfig.EXACTLY_ONCE_V2);
    settings.put(StreamsConfig.NUM_STREAM_THREADS_CONFIG, 1);
    settings.put(StreamsConfig.REPLICATION_FACTOR_CONFIG, 1);
    settings.put(StreamsConfig.COMMIT_INTERVAL_MS_CONFIG, 100);
    settings.put(StreamsConfig.STATESTORE_CACHE_MAX_BYTES_CONFIG, 256L << 20);
    settings.put(StreamsConfig.consumerPrefix("auto.offset.reset"), "earliest");
    settings.put(StreamsConfig.consumerPrefix("max.poll.records"), 10_000);
    settings.put(StreamsConfig.producerPrefix("compression.type"), "lz4");
    Topology topology = new Topology();
    topology.addSource("facts", Serdes.ByteArray().deserializer(), Serdes.ByteArray().deserializer(), arguments[1]);
    topology.addProcessor("fold", () -> new Fold(firstDay, progress), "facts");
    topology.addStateStore(
        Stores.keyValueStoreBuilder(Stores.persistentKeyValueStore(STORE), Serdes.ByteArray(), Serdes.ByteArray())
            .withCachingEnabled(),
        "fold");
    KafkaStreams streams = new KafkaStreams(topology, settings);
    streams.setUncaughtExceptionHandler(fault -> {
      fault.printStackTrace();
      return StreamsUncaughtExceptionHandler.StreamThreadExceptionResponse.SHUTDOWN_CLIENT;
    });
    streams.start();
    boolean done = progress.reached.await(Long.parseLong(arguments[5]), TimeUnit.SECONDS);
    streams.close(Duration.ofSeconds(30));
    if (!done) {
      System.err.println("only " + progress.count + " of " + progress.goal + " facts");
      System.exit(1);
    }
    long half = progress.goal / 2;
    System.out.printf("{\"whole\":%s,\"warm_half\":%s,\"lessons\":%s}%n",
        span(progress.goal - 1, progress.endAt - progress.firstAt, progress.endProcessor - progress.firstProcessor),
        span(progress.goal - half, progress.endAt - progress.halfAt, progress.endProcessor - progress.halfProcessor),
        java.util.Arrays.toString(progress.lessons));
  }
}
