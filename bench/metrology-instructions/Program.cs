using System.Globalization;
using Latchkey.Bench.MetrologyInstructions;

// metrology-instructions single|three SAMPLES      the counted workload
// metrology-instructions registers SECONDS         the registers after a seeded waveform, to compare one machine with another
// metrology-instructions board                          samples on standard input, registers on standard output
if (args is ["registers", var seconds])
{
    Workload.PrintRegisters(int.Parse(seconds, CultureInfo.InvariantCulture));
    return 0;
}

if (args is ["board"])
{
    using var samples = new BufferedStream(Console.OpenStandardInput(), 1 << 16);
    Board.Run(samples, Console.Out);
    return 0;
}

if (args is [var kind and ("single" or "three"), var count])
{
    Console.WriteLine(Workload.Run(kind == "three", int.Parse(count, CultureInfo.InvariantCulture)));
    return 0;
}

Console.Error.WriteLine("usage: metrology-instructions single|three SAMPLES | registers SECONDS | board");
return 2;
