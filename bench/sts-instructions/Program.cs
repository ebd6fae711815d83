using System.Globalization;
using Latchkey.Cli.Sts;
using Latchkey.Sts;

// One kind of work, many times, for an instruction counter outside: ALGORITHM METHOD COUNT.
byte[] publicTestKey = Convert.FromHexString("abababababababab949494949494949401234567");
if (!VendingKey.TryCreate(publicTestKey, out VendingKey? vendingKey)) return 1;
using var workload = new StsWorkload(vendingKey, args[0] == "EA07" ? EncryptionAlgorithm.Ea07 : EncryptionAlgorithm.Ea11);
int count = int.Parse(args[2], CultureInfo.InvariantCulture);
ulong folded = args[1] switch
{
    "EncodeMany" => workload.EncodeMany(count),
    "DecodeMany" => workload.DecodeMany(count),
    "DeriveAndEncodeMany" => workload.DeriveAndEncodeMany(count),
    "DeriveAndDecodeMany" => workload.DeriveAndDecodeMany(count),
    _ => throw new ArgumentException("EncodeMany, DecodeMany, DeriveAndEncodeMany or DeriveAndDecodeMany"),
};
Console.WriteLine(folded);
vendingKey.Dispose();
return 0;
