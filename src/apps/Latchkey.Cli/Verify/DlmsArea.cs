using System.Text.Json;
using Latchkey.Dlms.Verification;

namespace Latchkey.Cli.Verify;

/// <summary>DLMS/COSEM: files in the form of <c>vectors/dlms/vectors.json</c>.</summary>
internal sealed class DlmsArea : IVectorArea
{
    public string Name => "dlms";

    public bool Recognises(string fileName, JsonElement document) => DlmsVectorRunner.Recognises(document);

    public IEnumerable<VectorOutcome> Run(JsonElement document, string? tablesFile) => DlmsVectorRunner.Run(document).Select(result => result.Verdict switch
    {
        DlmsVectorVerdict.Passed => VectorOutcome.Passed(result.Id),
        DlmsVectorVerdict.Failed => VectorOutcome.Failed(result.Id, result.Reason ?? "differs"),
        _ => VectorOutcome.Skipped(result.Id, result.Reason ?? "not computed"),
    });
}
