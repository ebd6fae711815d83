using System.Buffers.Binary;
using Latchkey.Meter.Hal;
using Latchkey.Metrology;

namespace Latchkey.Simulator.Physics;

/// <summary>What a board answered.</summary>
/// <param name="Samples">Samples that it was sent.</param>
/// <param name="Frames">Frames whose registers were compared.</param>
/// <param name="Different">Frames whose registers differed.</param>
/// <param name="First">The first difference: what was expected and what came.</param>
public readonly record struct BoardAnswer(long Samples, int Frames, int Different, string? First);

/// <summary>
/// The same core elsewhere: the simulator's samples go to a board as bytes, the board's registers come back, and must be those of the core here,
/// frame by frame, to the last digit.
/// </summary>
public static class BoardProof
{
    private const int FrameBytes = 16;

    /// <summary>Streams a story of some seconds: several loads, a relay that opens and closes, mains that fails and drifts.</summary>
    /// <param name="toBoard">Takes frames of V, I, IN and LSV, 32 bits each, little-endian.</param>
    /// <param name="fromBoard">Gives a line after every frame.</param>
    /// <param name="seed">Of relay, noise and front end.</param>
    public static BoardAnswer Run(Stream toBoard, TextReader fromBoard, int seed)
    {
        var link = new Link(toBoard, fromBoard);
        var circuit = new PowerCircuit(new PowerCircuitOptions { Seed = seed, StartsClosed = true });
        foreach (LoadModel load in new LoadModel[] { new SpectralLoad(5), new SpectralLoad(0.02, 0.4), new RectifierLoad(12), new SpectralLoad(58, Math.Acos(0.25)), new DimmerLoad(25, 1.4), new DirectLoad(0, 30) })
        {
            circuit.Load = load;
            circuit.Run(2_300_000, link);
        }

        circuit.Mains.SetFrequency(50.7, circuit.NowUs * 1e-6);
        circuit.Run(2_000_000, link);
        circuit.Mains.IsOn = false;
        circuit.Run(3_200_000, link);
        circuit.Mains.IsOn = true;
        circuit.Run(2_500_000, link);
        toBoard.Flush();
        return link.Answer;
    }

    private sealed class Link(Stream toBoard, TextReader fromBoard) : ISampleSink
    {
        private readonly MetrologyCore _here = new(Calibration.Nominal, new WaveformTape());
        private readonly byte[] _frame = new byte[FrameBytes];

        public BoardAnswer Answer { get; private set; }

        public void OnSample(in RawSample sample, long timeUs)
        {
            BinaryPrimitives.WriteInt32LittleEndian(_frame, sample.V);
            BinaryPrimitives.WriteInt32LittleEndian(_frame.AsSpan(4), sample.I);
            BinaryPrimitives.WriteInt32LittleEndian(_frame.AsSpan(8), sample.IN);
            BinaryPrimitives.WriteInt32LittleEndian(_frame.AsSpan(12), sample.Lsv);
            toBoard.Write(_frame);
            _here.OnSample(sample);
            Answer = Answer with { Samples = Answer.Samples + 1 };
            if (!_here.TryTakeFrame(out FrameSums sums)) return;
            _here.ApplyFrame(sums);
            toBoard.Flush();
            string expected = $"{_here.Registers} {_here.Save()}";
            string came = fromBoard.ReadLine() ?? "the board ended";
            bool same = string.Equals(expected, came, StringComparison.Ordinal);
            Answer = Answer with { Frames = Answer.Frames + 1, Different = Answer.Different + (same ? 0 : 1), First = Answer.First ?? (same ? null : $"expected {expected}\nbut came {came}") };
        }
    }
}
