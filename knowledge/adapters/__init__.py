"""Where knowledge meets frameworks: faiss, numpy files, langchain, embedding engines."""
