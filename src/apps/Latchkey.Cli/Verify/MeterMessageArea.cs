using System.Globalization;
using System.Text.Json;
using Latchkey.ModuleLink.Messages;

namespace Latchkey.Cli.Verify;

/// <summary>The compact meter messages: decoded, compared member by member, encoded again to the same bytes.</summary>
internal sealed class MeterMessageArea : IVectorArea
{
    public string Name => "meter messages";

    public bool Recognises(string fileName, JsonElement document) => document.Items("vectors").Any(vector => vector.Has("cbor", "value"));

    public IEnumerable<VectorOutcome> Run(JsonElement document, string? tablesFile) =>
        document.Items("vectors").Select(vector => VectorJson.Judge(vector.Text("name"), () => Compare(vector)));

    private static string? Compare(JsonElement vector)
    {
        byte[] bytes = Convert.FromHexString(vector.Text("cbor"));
        if (!MeterMessageCodec.TryDecode(bytes, out MeterMessage? message) || message is null) return "not decoded";
        string encoded = Convert.ToHexStringLower(MeterMessageCodec.Encode(message));
        return VectorJson.Difference("bytes", vector.Text("cbor"), encoded)
            ?? VectorJson.Difference("length", vector.Text("len"), bytes.Length.ToString(CultureInfo.InvariantCulture))
            ?? Fields(message, vector.GetProperty("value"));
    }

    private static string? Fields(MeterMessage message, JsonElement value) => message switch
    {
        MeterMessage.TokenPush push => VectorJson.Difference("sequence", value[1].ToString(), Number(push.Sequence)),
        MeterMessage.KeyChangeSetPush set => VectorJson.Difference("sequence", value[1].ToString(), Number(set.Sequence))
            ?? VectorJson.Difference("tokens", Number(value[2].GetArrayLength()), Number(set.Tokens.Length)),
        MeterMessage.TokenResult result => VectorJson.Difference("balance", value[3].ToString(), Number(result.BalanceMilli)),
        MeterMessage.Hello hello => VectorJson.Difference("boot count", value[1].ToString(), Number(hello.BootCount))
            ?? VectorJson.Difference("outage", value[2].ToString(), Number(hello.OutageSeconds))
            ?? VectorJson.Difference("rssi", value[3].ToString(), Number(hello.RssiDbm))
            ?? VectorJson.Difference("last TID", value[5].ToString(), Number(hello.LastTid)),
        MeterMessage.Reading reading => VectorJson.Difference("time", value.Text("0"), Number(reading.Timestamp))
            ?? VectorJson.Difference("energy", value.Text("1"), Number(reading.EnergyWh))
            ?? VectorJson.Difference("balance", value.Text("2"), Number(reading.BalanceMilli))
            ?? VectorJson.Difference("power", value.Text("4"), Number(reading.PowerW)),
        _ => "a message of another kind: " + message.GetType().Name,
    };

    private static string Number(long value) => value.ToString(CultureInfo.InvariantCulture);
}
